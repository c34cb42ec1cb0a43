-- The sequences of the current schema as USER_SEQUENCES shows them (Database Reference, USER_SEQUENCES).
-- needs: all_sequences
CREATE OR REPLACE VIEW godwit_oracle.user_sequences AS
SELECT sequence_name, min_value, max_value, increment_by, cycle_flag, cache_size, last_number
FROM godwit_oracle.all_sequences WHERE mine;
