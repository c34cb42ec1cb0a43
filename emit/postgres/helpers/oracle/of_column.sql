-- Whether an error arose where a statement changes rows, so that a value is too large for a column and not for a variable: its context begins with that statement, behind
-- the lines of helper routines (PostgreSQL manual, "Obtaining Information about an Error").
CREATE OR REPLACE FUNCTION godwit_oracle.of_column(context text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT context ~* '^(PL/pgSQL function godwit_oracle\.[^\n]*\n|SQL function "[^\n]*\n)*SQL statement "(?!\s*select)'
$$;
