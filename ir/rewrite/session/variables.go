package session

// treatment is what becomes of SET of a variable.
type treatment int

const (
	// unknown variables are refused.
	unknown treatment = iota
	// settled variables change what statements mean; the front end reads constant values into the settings of the statements behind.
	settled
	// tuning variables change speed, limits, logs or messages, no result.
	tuning
	// fixed variables may only be set to the value that the conversion takes for granted.
	fixed
	// checks are switches whose other position lets through what the target refuses.
	checks
	// number is the number that LAST_INSERT_ID() returns.
	number
	// elsewhere are variables that another rule handles.
	elsewhere
)

// treatments lists the variables by name.
var treatments = func() map[string]treatment {
	m := map[string]treatment{}
	add := func(t treatment, names ...string) {
		for _, n := range names {
			m[n] = t
		}
	}
	add(settled, "sql_mode", "group_concat_max_len", "character_set_connection", "collation_connection")
	add(elsewhere, "time_zone", "timestamp", "default_week_format", "div_precision_increment", "lc_time_names")
	add(checks, "foreign_key_checks", "unique_checks", "check_constraint_checks")
	add(number, "last_insert_id", "identity")
	add(fixed, "sql_auto_is_null", "sql_select_limit", "auto_increment_increment", "auto_increment_offset",
		"explicit_defaults_for_timestamp", "sql_safe_updates", "low_priority_updates", "completion_type", "autocommit",
		"max_join_size", "sql_big_selects", "binlog_format", "system_versioning_alter_history")
	add(tuning, "wait_timeout", "interactive_timeout", "lock_wait_timeout", "innodb_lock_wait_timeout", "net_read_timeout", "net_write_timeout",
		"net_buffer_length", "max_execution_time", "max_statement_time", "sort_buffer_size", "join_buffer_size", "read_buffer_size", "read_rnd_buffer_size", "tmp_table_size",
		"max_heap_table_size", "bulk_insert_buffer_size", "myisam_sort_buffer_size", "optimizer_switch", "optimizer_prune_level", "optimizer_search_depth",
		"query_cache_type", "query_cache_size", "profiling", "profiling_history_size", "sql_notes", "sql_warnings", "sql_quote_show_create", "sql_log_bin", "sql_log_off",
		"slow_query_log", "long_query_time", "general_log", "event_scheduler", "storage_engine", "default_storage_engine", "default_tmp_storage_engine",
		"character_set_client", "character_set_results", "max_sp_recursion_depth", "thread_stack", "cte_max_recursion_depth", "max_recursive_iterations",
		"range_optimizer_max_mem_size", "eq_range_index_dive_limit", "histogram_generation_max_mem_size", "information_schema_stats_expiry",
		"max_error_count", "max_length_for_sort_data", "max_sort_length", "max_seeks_for_key", "min_examined_row_limit", "old_alter_table", "alter_algorithm",
		"preload_buffer_size", "query_alloc_block_size", "query_prealloc_size", "session_track_gtids", "session_track_schema",
		"session_track_state_change", "session_track_system_variables", "show_create_table_verbosity", "log_bin_trust_function_creators",
		"innodb_flush_log_at_trx_commit", "max_allowed_packet", "max_connections", "use_stat_tables", "local_infile", "gtid_next", "gtid_purged",
		"rbr_exec_mode", "innodb_strict_mode", "join_cache_level", "aria_sort_buffer_size", "note_verbosity", "lc_messages", "pseudo_slave_mode", "pseudo_thread_id")
	return m
}()

// fixedValues are the values that a fixed variable may be set to.
func fixedValues(name string) []string {
	switch name {
	case "sql_select_limit", "max_join_size":
		return []string{"18446744073709551615"}
	case "auto_increment_increment", "auto_increment_offset", "explicit_defaults_for_timestamp", "autocommit", "sql_big_selects":
		return []string{"1"}
	case "completion_type":
		return []string{"0", "NO_CHAIN"}
	case "sql_safe_updates", "sql_auto_is_null", "low_priority_updates":
		return []string{"0"}
	}
	return nil
}

// constant is the value of a variable as every session begins with it.
func constant(name string) (string, bool) {
	switch name {
	case "foreign_key_checks", "unique_checks", "check_constraint_checks", "sql_notes", "sql_big_selects":
		return "1", true
	case "sql_auto_is_null", "sql_safe_updates", "sql_warnings":
		return "0", true
	case "auto_increment_increment", "auto_increment_offset":
		return "1", true
	}
	return "", false
}
