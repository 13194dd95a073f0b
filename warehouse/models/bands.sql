-- A word for a score, for reading only; NULL below all bands.
create or replace temp macro band_of(nps) as
$bands;
