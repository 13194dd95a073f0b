-- The formulas, each in one place. Sources and worked examples: docs/statistics.md, which tests hold against these.

-- Net Promoter Score in points, -100 to 100, unrounded; NULL where there are no answers.
-- Source: Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003.
create or replace temp macro nps_points(promoters, detractors, responses) as
100.0 * (promoters - detractors) / nullif(responses, 0);

-- Whether answers were given on a scale of the standard question; `STANDARD` in transforms/scores/scales.py names the
-- same scales.
create or replace temp macro is_standard_scale(scale) as
scale in ('0-10', '1-10');

-- How many answers of equal weight say as much as weighted ones do; NULL where there are none.
-- Source: Kish, "Survey Sampling", 1965.
create or replace temp macro effective_number(weight_sum, weight_sq_sum) as
weight_sum * weight_sum / nullif(weight_sq_sum, 0);

-- Variance of one answer, coded -1, 0, 1, from the shares of promoters and detractors.
create or replace temp macro answer_variance(promoters, detractors) as
promoters + detractors - (promoters - detractors) * (promoters - detractors);

-- How many times as uncertain a score is as one of answers of as many people would be. `pairs` are the pairs of answers
-- of one person, with the sum and the sum of products of their answers: with them no person is needed for the sum of
-- squares of what people differ from the score by.
-- Source: Cochran, "Sampling Techniques", 1977, chapter 9A (clusters of unequal sizes).
create or replace temp macro design_effect(
    responses, promoters, detractors, people, pairs, pairs_balance, pairs_product
) as
case
    when people = responses then 1
    when people = 1 or answer_variance(promoters / responses, detractors / responses) = 0 then responses / people
    else
        greatest(
            people / (people - 1) * (
                promoters + detractors + 2 * pairs_product
                - 2 * (promoters - detractors) / responses * (promoters - detractors + pairs_balance)
                + pow((promoters - detractors) / responses, 2) * (responses + 2 * pairs)
            ) / responses / answer_variance(promoters / responses, detractors / responses),
            1
        )
end;

-- A share among so many answers after 0.75 more promoters, 0.75 more detractors and 1.5 more passives: adjusted Wald.
-- Of a population that was asked nearly whole, `unasked` is (N - n) / (N - 1), else 1.
-- Source: Rocks, "Interval Estimation for the Net Promoter Score", The American Statistician, 2016.
create or replace temp macro adjusted_share(part, answers, unasked := 1) as
(part * answers + 0.75 * unasked) / (answers + 3 * unasked);

-- The middle of the interval of a score, in points, from shares and the number of answers.
create or replace temp macro interval_middle(promoters, detractors, answers, unasked := 1) as
100
* (adjusted_share(promoters, answers, unasked := unasked) - adjusted_share(detractors, answers, unasked := unasked));

-- The standard error of the interval of a score, in points: never 0 unless everybody was asked.
create or replace temp macro adjusted_error(promoters, detractors, answers, unasked := 1) as
100 * sqrt(
    unasked * answer_variance(
        adjusted_share(promoters, answers, unasked := unasked), adjusted_share(detractors, answers, unasked := unasked)
    ) / (answers + 3 * unasked)
);

-- So many standard errors lie between the middle of an interval of 95 % and its ends.
create or replace temp macro z_of_95() as
1.959963984540054;

-- Standard error of a change, in points, if there were none: of the pooled score test, from summed counts. Of people
-- who are in both samples, `alike` is the covariance of their two answers times their number.
create or replace temp macro pooled_error(promoters, detractors, responses, before, after, alike := 0) as
100 * sqrt(
    greatest(
        answer_variance(promoters / responses, detractors / responses) * (1 / before + 1 / after)
        - 2 * alike / before / after,
        0
    )
);

-- An end of the interval of 95 % of a share: the lower one with -1, the upper one with 1; NULL where nothing was tried.
-- Source: Wilson, "Probable inference, the law of succession, and statistical inference", J. of the American
-- Statistical Association, 1927.
create or replace temp macro wilson_end(part, trials, side) as
case
    -- Greatest and least pass over NULL.
    when trials > 0
        then
            least(
                greatest(
                    (
                        part + z_of_95() * z_of_95() / 2
                        + side * z_of_95() * sqrt(part * (trials - part) / trials + z_of_95() * z_of_95() / 4)
                    ) / (trials + z_of_95() * z_of_95()),
                    0
                ),
                1
            )
end;

-- The fewest answers, of which such shares are promoters and detractors, whose interval is of so many points to either
-- side at most. What answers vary the most needs those of the range.
create or replace temp macro answers_for_margin(promoters, detractors, points) as
list_filter(
    range(1, ceil(pow(100 * z_of_95() / points, 2))::bigint + 1),
    answers -> z_of_95() * adjusted_error(promoters, detractors, answers) <= points
)[1];

-- A polynomial, from the coefficient of its highest power to the constant one (Horner).
create or replace temp macro polynomial(x, coefficients) as
list_reduce(coefficients, (total, coefficient) -> total * x + coefficient);

-- How likely a normal deviate is at least so far from 0, on either side.
-- Source: Hart, "Computer Approximations", 1968; West, "Better approximations to cumulative normal functions", 2005.
create or replace temp macro two_sided_p(z) as
2 * exp(-z * z / 2)
* case
    when abs(z) < 7.07106781186547
        then
            polynomial(
                abs(z),
                [
                    3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871,
                    221.213596169931, 220.206867912376
                ]
            )
            / polynomial(
                abs(z),
                [
                    8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674,
                    637.333633378831, 793.826512519948, 440.413735824752
                ]
            )
    else 1 / (abs(z) + 1 / (abs(z) + 2 / (abs(z) + 3 / (abs(z) + 4 / (abs(z) + 0.65))))) / 2.506628274631
end;

-- How far from 0 a normal deviate is with so small a chance of being further, on one side; 0 < tail < 0.5.
-- Source: Acklam, "An algorithm for computing the inverse normal cumulative distribution function", 2003.
create or replace temp macro upper_z(tail) as
case
    when tail < 0.02425
        then
            -polynomial(
                sqrt(-2 * ln(tail)),
                [
                    -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734,
                    4.374664141464968, 2.938163982698783
                ]
            )
            / polynomial(
                sqrt(-2 * ln(tail)),
                [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1]
            )
    else
        (0.5 - tail)
        * polynomial(
            pow(tail - 0.5, 2),
            [
                -3.969683028665376e+1, 2.209460984245205e+2, -2.759285104469687e+2, 1.383577518672690e+2,
                -3.066479806614716e+1, 2.506628277459239
            ]
        )
        / polynomial(
            pow(tail - 0.5, 2),
            [
                -5.447609879822406e+1, 1.615858368580409e+2, -1.556989798598866e+2, 6.680131188771972e+1,
                -1.328068155288572e+1, 1
            ]
        )
end;

-- The smallest change that would be found in 80 of 100 cases by a two-sided test at the level alpha.
create or replace temp macro detectable(pooled_error, alpha) as
(upper_z(alpha / 2) + upper_z(0.2)) * pooled_error;

-- The p-value of one of the groups of a family (those of a mart and period) times their number, divided by its place
-- among them; then, of equal and larger p-values, the smallest of these: the q-value. NULL where nothing was tested.
-- Source: Benjamini and Hochberg, "Controlling the False Discovery Rate", J. of the Royal Statistical Society, 1995.
create or replace temp macro scaled_p(p, family) as
p * count(p) over (partition by family) / row_number() over (partition by family order by p nulls last);

create or replace temp macro q_value(p, scaled, family) as
case
    when p is not null
        then
            min(scaled) over (
                partition by family
                order by p nulls last
                range between current row and unbounded following
            )
end;

-- `what`, such as the name, of the best of the others of a period, of those that are ranked. NULL where none is, and of
-- one that is not ranked itself.
create or replace temp macro best_other(what, nps, is_ranked, period_grain, period_start) as
case
    when is_ranked
        then
            arg_max(what, (nps, what)) filter (where is_ranked) over (
                partition by period_grain, period_start
                rows between unbounded preceding and unbounded following exclude current row
            )
end;

-- Standard error of the impact of a theme, in points: of a share of all answers times the difference between their
-- score and that of the others. Both scores are uncertain, and so is the share (delta method).
create or replace temp macro impact_error(share, difference, error_of_theme, error_of_others, answers) as
sqrt(
    share * share * (error_of_theme * error_of_theme + error_of_others * error_of_others)
    + difference * difference * share * (1 - share) / answers
);

-- By which power of 2 the share of comments that say a word has grown; half a comment where none said it before.
-- Source: Hardie, "Log Ratio: an informal introduction", 2014.
create or replace temp macro log_ratio(said, comments, said_before, comments_before) as
log2(said * comments_before / (comments * greatest(said_before, 0.5)));

-- A part of what tells observed counts from expected ones; 0 where nothing was observed.
create or replace temp macro surprise(observed, expected) as
case when observed > 0 then observed * ln(observed / expected) else 0 end;

-- How little two shares of comments that say a word agree: likelihood ratio of the table of two by two, 15.13 for one
-- of ten thousand words that did not change.
-- Source: Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence", Computational Linguistics, 1993.
create or replace temp macro log_likelihood(said, comments, said_before, comments_before) as
2 * (
    surprise(said, comments * (said + said_before) / (comments + comments_before))
    + surprise(said_before, comments_before * (said + said_before) / (comments + comments_before))
    + surprise(
        comments - said,
        comments * (comments + comments_before - said - said_before) / (comments + comments_before)
    )
    + surprise(
        comments_before - said_before,
        comments_before * (comments + comments_before - said - said_before) / (comments + comments_before)
    )
);

-- A share with the ends of its interval, from counts; NULLs where nothing was tried.
create or replace temp macro share_of(part, trials) as
struct_pack(
    middle := part / nullif(trials, 0), low := wilson_end(part, trials, -1), high := wilson_end(part, trials, 1)
);

-- An end of the interval of 95 % of the difference of two shares, both of share_of: the lower one with -1.
-- Source: Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine,
-- 1998.
create or replace temp macro difference_end(share, other, side) as
struct_extract(share, 'middle') - struct_extract(other, 'middle')
+ side * case
    when side < 0
        then
            sqrt(
                pow(struct_extract(share, 'middle') - struct_extract(share, 'low'), 2)
                + pow(struct_extract(other, 'high') - struct_extract(other, 'middle'), 2)
            )
    else
        sqrt(
            pow(struct_extract(share, 'high') - struct_extract(share, 'middle'), 2)
            + pow(struct_extract(other, 'middle') - struct_extract(other, 'low'), 2)
        )
end;

-- An end of the interval of 95 % of a share that is still there, from Greenwood's variance of its logarithm; none where
-- nobody has gone or nobody is left. On the scale of log(-log), so that it stays between 0 and 1.
-- Source: Kalbfleisch and Prentice, "The Statistical Analysis of Failure Time Data", 1980.
create or replace temp macro survival_end(survival, log_variance, side) as
case
    when survival > 0 and survival < 1
        then pow(survival, exp(-side * z_of_95() * sqrt(log_variance) / abs(ln(survival))))
end;

-- To either side of how many clients are expected to be won per 1,000, at 95 %: from the variance of what one client is
-- assumed to bring or to turn away. The factors themselves are taken for known, which nobody does.
create or replace temp macro referral_margin(promoters, detractors, responses, per_promoter, per_detractor) as
sqrt(
    greatest(
        (per_promoter * per_promoter * promoters + per_detractor * per_detractor * detractors) / responses
        - pow((per_promoter * promoters + per_detractor * detractors) / responses, 2),
        0
    ) / responses
) * z_of_95() * 1000;

-- The grains of periods that all tables have, and how long a period of each is.
create or replace temp macro grains() as table
    select
        unnest(['month', 'quarter', 'year']) as period_grain,
        unnest([interval 1 month, interval 3 months, interval 1 year]) as length;

-- The days with which the period of a month begins and ends.
create or replace temp macro starts_on(grain, month) as date_trunc(grain, month)::date;
create or replace temp macro ends_on(grain, length, month) as
(date_trunc(grain, month) + length - interval 1 day)::date;
