-- The SHA-1 of bytes in lower case hexadecimal.
CREATE OR REPLACE FUNCTION godwit_mysql.sha1(value bytea) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  mask constant bigint := 4294967295;
  n integer := octet_length(value);
  data bytea := value || '\x80'::bytea || decode(repeat('00', (119 - n % 64) % 64), 'hex') || int8send(n::bigint * 8);
  h bigint[] := ARRAY[1732584193, 4023233417, 2562383102, 271733878, 3285377520];
  w bigint[];
  a bigint; b bigint; c bigint; d bigint; e bigint; f bigint; k bigint; t bigint; p integer;
BEGIN
  FOR blk IN 0 .. octet_length(data) / 64 - 1 LOOP
    w := '{}';
    FOR i IN 0 .. 79 LOOP
      IF i < 16 THEN
        p := blk * 64 + i * 4;
        t := (get_byte(data, p)::bigint << 24) | (get_byte(data, p + 1) << 16) | (get_byte(data, p + 2) << 8) | get_byte(data, p + 3);
      ELSE
        t := w[i - 2] # w[i - 7] # w[i - 13] # w[i - 15];
        t := ((t << 1) | (t >> 31)) & mask;
      END IF;
      w[i + 1] := t;
    END LOOP;
    a := h[1]; b := h[2]; c := h[3]; d := h[4]; e := h[5];
    FOR i IN 0 .. 79 LOOP
      IF i < 20 THEN f := (b & c) | (~b & mask & d); k := 1518500249;
      ELSIF i < 40 THEN f := b # c # d; k := 1859775393;
      ELSIF i < 60 THEN f := (b & c) | (b & d) | (c & d); k := 2400959708;
      ELSE f := b # c # d; k := 3395469782;
      END IF;
      t := ((((a << 5) & mask) | (a >> 27)) + f + e + k + w[i + 1]) & mask;
      e := d; d := c; c := ((b << 30) & mask) | (b >> 2); b := a; a := t;
    END LOOP;
    h := ARRAY[(h[1] + a) & mask, (h[2] + b) & mask, (h[3] + c) & mask, (h[4] + d) & mask, (h[5] + e) & mask];
  END LOOP;
  RETURN lpad(to_hex(h[1]), 8, '0') || lpad(to_hex(h[2]), 8, '0') || lpad(to_hex(h[3]), 8, '0') || lpad(to_hex(h[4]), 8, '0') || lpad(to_hex(h[5]), 8, '0');
END
$$;
