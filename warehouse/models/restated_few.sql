-- Where rows of few clients are hidden, what became of a figure that is of few now is told as that it is shown no more;
-- of one that was not shown before nothing is told.
--
-- Reads: restated, setting (shown_from: `nps.minimum_group`).
delete from restated using setting as s
where
    s.metric = 'nps'
    and (
        restated.from_responses between 1 and s.shown_from - 1
        or (restated.to_responses between 1 and s.shown_from - 1 and coalesce(restated.from_responses, 0) = 0)
    );

update restated set to_responses = null, to_nps = null
from setting as s
where s.metric = 'nps' and restated.to_responses between 1 and s.shown_from - 1;
