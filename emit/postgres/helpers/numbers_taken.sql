-- Moves the counter of an identity column to where MySQL's stands behind the statement that was announced last, and announces the next one. MySQL
-- reserves numbers for all rows of a statement, also for those that fail: for rows of a query 1, 2, 4, ... of them, for rows of VALUES as many as there
-- are. given is the number that each row gives, NULL where it takes one, below zero where the row may have been left out; NULL for a query; empty for a statement that takes none. always tells that
-- the numbers are reserved even if no row was inserted, and of a query that a row which fails has taken none. An announcement of no statement (NULL for always) only moves the counter; given is empty then
-- where the statement before is known to have succeeded.
-- needs: var_get, var_set
CREATE OR REPLACE FUNCTION godwit_mysql.numbers_taken(tab text, col text, given bigint[], always boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    seq text := pg_get_serial_sequence(tab, col);
    said text := godwit_mysql.var_get('@numbers ' || seq);
    told jsonb;
    start bigint;
    now bigint;
    high bigint := coalesce(godwit_mysql.var_get('@high ' || seq), '0')::bigint;
    reached bigint;
    reserved bigint;
    next bigint;
    top bigint;
    one bigint;
    came boolean;
    rest integer;
    taken integer := 0;
BEGIN
    EXECUTE format('SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END FROM %s', seq) INTO now;
    IF said <> '' THEN
        told := said::jsonb;
        start := (told ->> 'start')::bigint;
        reached := greatest(now, high);
        IF told ->> 'given' IS NULL THEN
            reserved := 0;
            IF (told ->> 'always')::boolean AND NOT (always IS NULL AND given IS NOT NULL) AND reached > start THEN
                reached := reached - 1;
            END IF;
            WHILE reserved < reached - start LOOP
                reserved := 2 * reserved + 1;
            END LOOP;
            top := start + reserved;
        ELSIF jsonb_array_length(told -> 'given') = 0 THEN
            top := start;
            IF now > start THEN
                PERFORM setval(seq, start, false);
                now := start;
            END IF;
        ELSIF reached > start OR (told ->> 'always')::boolean THEN
            rest := jsonb_array_length(told -> 'given');
            top := start;
            next := start;
            reserved := start; -- the end of the numbers that are reserved
            FOR one IN SELECT x::bigint FROM jsonb_array_elements_text(told -> 'given') WITH ORDINALITY AS g(x, i) ORDER BY i LOOP
                IF one < 0 THEN
                    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %s WHERE %I = $1)', tab, col) USING -one INTO came;
                    one := CASE WHEN came THEN -one ELSE 0 END;
                END IF;
                IF one IS NULL THEN
                    IF next >= reserved THEN
                        next := top;
                        IF taken = 0 THEN
                            taken := jsonb_array_length(told -> 'given');
                            rest := taken;
                        END IF;
                        reserved := next + rest;
                        top := greatest(top, reserved);
                    END IF;
                    next := next + 1;
                ELSIF taken = 0 OR always IS NULL AND given IS NOT NULL THEN
                    top := greatest(top, one + 1);
                    next := greatest(next, one + 1);
                END IF;
                rest := greatest(rest - 1, 1);
            END LOOP;
        END IF;
        IF top > now OR told ->> 'given' IS NOT NULL AND (told ->> 'always')::boolean AND taken = 0 AND top < now THEN
            PERFORM setval(seq, top, false);
            now := top;
        END IF;
    END IF;
    PERFORM godwit_mysql.var_set('@high ' || seq, '0');
    PERFORM godwit_mysql.var_set('@numbers ' || seq, CASE WHEN always IS NULL THEN '' ELSE jsonb_build_object('start', now, 'given', given, 'always', always)::text END);
END $$;
