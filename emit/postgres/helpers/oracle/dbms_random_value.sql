-- A number from 0 to below 1 with 38 digits (PL/SQL Packages and Types Reference, DBMS_RANDOM).
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_random_value() RETURNS numeric
LANGUAGE sql VOLATILE AS $$
SELECT trunc(random()::numeric, 13) + trunc(random()::numeric, 13) * 1e-13 + trunc(random()::numeric, 12) * 1e-26
$$;

-- A number from the first to below the second.
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_random_value(low numeric, high numeric) RETURNS numeric
LANGUAGE sql VOLATILE AS $$
SELECT low + (high - low) * godwit_oracle.dbms_random_value()
$$;
