-- Whether the cursor of a cursor variable is open, whoever has opened or closed it (PL/SQL Language Reference, Named Cursor Attribute).
CREATE OR REPLACE FUNCTION godwit_oracle.cursor_is_open(c refcursor) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM pg_cursors WHERE name = c::text)
$$;
