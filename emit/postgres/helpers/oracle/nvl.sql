-- NVL that computes both values: arguments of a function always are (SQL Language Reference, NVL). It is in PL/pgSQL, as the body of a function
-- in SQL would take the place of the call.
CREATE OR REPLACE FUNCTION godwit_oracle.nvl(a anycompatible, b anycompatible) RETURNS anycompatible
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN coalesce(a, b);
END
$$;
