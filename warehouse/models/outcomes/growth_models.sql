-- What models of growth are worth: `growth_models`, one row per model, with its coefficients (least squares over all
-- that is known) and its mean absolute error where each fold is forecast from all others. `naive` says that growth
-- stays as it was. All follows from sums, and a fold is left out by subtracting its own.
--
-- Reads: growth_panel (fold, growth_before, nps, growth).
create or replace temp table growth_models as
with known as (
    select *
    from growth_panel
    where growth is not null
),

of_folds as (
    select
        fold,
        count(*) as n,
        sum(growth_before) as sx,
        sum(nps) as sz,
        sum(growth) as sy,
        sum(growth_before * growth_before) as sxx,
        sum(nps * nps) as szz,
        sum(growth * growth) as syy,
        sum(growth_before * nps) as sxz,
        sum(growth_before * growth) as sxy,
        sum(nps * growth) as szy
    from known
    group by fold
),

of_all as (
    select
        count(*) as folds,
        sum(n) as n,
        sum(sx) as sx,
        sum(sz) as sz,
        sum(sy) as sy,
        sum(sxx) as sxx,
        sum(szz) as szz,
        sum(syy) as syy,
        sum(sxz) as sxz,
        sum(sxy) as sxy,
        sum(szy) as szy
    from of_folds
),

training as (
    select
        f.fold,
        t.n - f.n as n,
        t.sx - f.sx as sx,
        t.sz - f.sz as sz,
        t.sy - f.sy as sy,
        t.sxx - f.sxx as sxx,
        t.szz - f.szz as szz,
        t.syy - f.syy as syy,
        t.sxz - f.sxz as sxz,
        t.sxy - f.sxy as sxy,
        t.szy - f.szy as szy
    from of_folds as f
    cross join of_all as t
    union all
    select
        null as fold,
        n,
        sx,
        sz,
        sy,
        sxx,
        szz,
        syy,
        sxz,
        sxy,
        szy
    from of_all
),

centred as (
    select
        fold,
        n,
        sx / n as mean_x,
        sz / n as mean_z,
        sy / n as mean_y,
        sxx - sx * sx / n as cxx,
        szz - sz * sz / n as czz,
        syy - sy * sy / n as cyy,
        sxz - sx * sz / n as cxz,
        sxy - sx * sy / n as cxy,
        szy - sz * sy / n as czy
    from training
    where n > 0
),

slopes as (
    select
        *,
        'growth' as model,
        cxy / nullif(cxx, 0) as of_growth,
        0::double as of_nps
    from centred
    union all
    select
        *,
        'growth + nps' as model,
        (czz * cxy - cxz * czy) / nullif(cxx * czz - cxz * cxz, 0) as of_growth,
        (cxx * czy - cxz * cxy) / nullif(cxx * czz - cxz * cxz, 0) as of_nps
    from centred
    union all
    select
        *,
        'naive' as model,
        1::double as of_growth,
        0::double as of_nps
    from centred
),

fitted as (
    select
        *,
        case when model = 'naive' then 0 else mean_y - of_growth * mean_x - of_nps * mean_z end as constant,
        cyy - of_growth * cxy - of_nps * czy as left_over
    from slopes
),

held_against as (
    select
        f.model,
        avg(abs(f.constant + f.of_growth * k.growth_before + f.of_nps * k.nps - k.growth)) as backtest_mae,
        sqrt(avg(pow(f.constant + f.of_growth * k.growth_before + f.of_nps * k.nps - k.growth, 2))) as backtest_rmse,
        count(*) as forecasts
    from known as k
    inner join fitted as f on k.fold = f.fold
    group by f.model
)

select
    f.model,
    a.folds,
    f.n as observations,
    f.constant,
    f.of_growth,
    f.of_nps,
    case
        when f.model = 'growth + nps' and f.n > 3
            then sqrt(f.left_over / (f.n - 3) * f.cxx / (f.cxx * f.czz - f.cxz * f.cxz))
    end as of_nps_error,
    case when f.model <> 'naive' then 1 - f.left_over / nullif(f.cyy, 0) end as r_squared,
    h.backtest_mae,
    h.backtest_rmse
from fitted as f
cross join of_all as a
inner join held_against as h on f.model = h.model
where f.fold is null and f.n = h.forecasts;
