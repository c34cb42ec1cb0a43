-- Makes the random numbers of the session repeat from here (PL/SQL Packages and Types Reference, DBMS_RANDOM); they are not those of the source.
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_random_seed(seed text) RETURNS void
LANGUAGE sql VOLATILE AS $$
SELECT setseed((('x' || left(md5(seed), 8))::bit(32)::integer)::double precision / 2147483648)
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.dbms_random_seed(seed numeric) RETURNS void
LANGUAGE sql VOLATILE AS $$
SELECT godwit_oracle.dbms_random_seed(seed::text)
$$;
