-- The formulas, each in one place.

-- Net Promoter Score in points, -100 to 100, unrounded; NULL where there are no answers.
-- Source: Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003.
create or replace temp macro nps_points(promoters, detractors, responses) as
100.0 * (promoters - detractors) / nullif(responses, 0);
