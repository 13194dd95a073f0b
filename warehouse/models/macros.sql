-- The formulas, each in one place.

-- Net Promoter Score in points, -100 to 100, unrounded; NULL where there are no answers.
-- Source: Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003.
create or replace temp macro nps_points(promoters, detractors, responses) as
100.0 * (promoters - detractors) / nullif(responses, 0);

-- Whether answers were given on a scale of the standard question; transforms.scores.STANDARD names the same scales.
create or replace temp macro is_standard_scale(scale) as
scale in ('0-10', '1-10');
