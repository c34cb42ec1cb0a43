-- A whole number from -2**31 to below 2**31 (PL/SQL Packages and Types Reference, DBMS_RANDOM).
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_random_random() RETURNS integer
LANGUAGE sql VOLATILE AS $$
SELECT (floor(random() * 4294967296) - 2147483648)::integer
$$;
