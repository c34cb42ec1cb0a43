-- A whole number in English words, as the suffixes SP and SPTH of a datetime format write it (SQL Language Reference, Datetime Format
-- Element Suffixes).
CREATE OR REPLACE FUNCTION godwit_oracle.spell_number(value integer, ordinal boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  ones text[] := '{ONE,TWO,THREE,FOUR,FIVE,SIX,SEVEN,EIGHT,NINE,TEN,ELEVEN,TWELVE,THIRTEEN,FOURTEEN,FIFTEEN,SIXTEEN,SEVENTEEN,EIGHTEEN,NINETEEN}';
  tens text[] := '{TEN,TWENTY,THIRTY,FORTY,FIFTY,SIXTY,SEVENTY,EIGHTY,NINETY}';
  result text := '';
  rest integer := value;
BEGIN
  IF value = 0 THEN
    result := 'ZERO';
  END IF;
  IF rest >= 1000000 THEN
    result := godwit_oracle.spell_number(rest / 1000000) || ' MILLION ';
    rest := rest % 1000000;
  END IF;
  IF rest >= 1000 THEN
    result := result || godwit_oracle.spell_number(rest / 1000) || ' THOUSAND ';
    rest := rest % 1000;
  END IF;
  IF rest >= 100 THEN
    result := result || ones[rest / 100] || ' HUNDRED ';
    rest := rest % 100;
  END IF;
  IF rest >= 20 THEN
    result := result || tens[rest / 10] || CASE WHEN rest % 10 > 0 THEN '-' || ones[rest % 10] ELSE '' END;
  ELSIF rest > 0 THEN
    result := result || ones[rest];
  END IF;
  result := rtrim(result);
  IF NOT ordinal THEN
    RETURN result;
  END IF;
  RETURN CASE
    WHEN result ~ 'ONE$' THEN regexp_replace(result, 'ONE$', 'FIRST')
    WHEN result ~ 'TWO$' THEN regexp_replace(result, 'TWO$', 'SECOND')
    WHEN result ~ 'THREE$' THEN regexp_replace(result, 'THREE$', 'THIRD')
    WHEN result ~ 'FIVE$' THEN regexp_replace(result, 'FIVE$', 'FIFTH')
    WHEN result ~ 'EIGHT$' THEN result || 'H'
    WHEN result ~ 'NINE$' THEN regexp_replace(result, 'NINE$', 'NINTH')
    WHEN result ~ 'TWELVE$' THEN regexp_replace(result, 'TWELVE$', 'TWELFTH')
    WHEN result ~ 'Y$' THEN regexp_replace(result, 'Y$', 'IETH')
    ELSE result || 'TH' END;
END
$$;
