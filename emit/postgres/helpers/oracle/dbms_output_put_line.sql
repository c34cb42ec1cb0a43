-- Writes a line as a notice, behind what PUT left (PL/SQL Packages and Types Reference, DBMS_OUTPUT). The notice comes at once, not at the end of the call; the buffer has no limit, a line
-- holds 32,767 bytes.
-- needs: state_get, state_set
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_output_put_line(line text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  begun text := godwit_oracle.state_get('dbms_output');
BEGIN
  IF octet_length(begun) + octet_length(line) > 32767 OR octet_length(line) > 32767 THEN
    RAISE EXCEPTION 'ORA-20000: ORU-10028: line length overflow, limit of 32767 bytes per line' USING ERRCODE = 'ZX000';
  END IF;
  RAISE NOTICE '%', concat(begun, line);
  IF begun IS NOT NULL THEN
    PERFORM godwit_oracle.state_set('dbms_output', NULL);
  END IF;
END
$$;
