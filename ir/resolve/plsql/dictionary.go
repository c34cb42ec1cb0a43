package plsql

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/types"
)

var unknownView = &diag.Code{
	ID: "NM0355", Title: "a view of the data dictionary without a counterpart", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:   "The view shows what the source's server knows of itself, its users' rights, its storage or the text of its programs (Database Reference, \"Static Data Dictionary Views\" and \"Dynamic Performance Views\"). The target's server is another program, so that no query over it has the same meaning there.",
	Next:  "Rewrite the query on the target's own catalog: pg_proc (programs), pg_roles and information_schema.role_table_grants (rights), pg_settings (parameters), pg_locks, pg_stat_activity and pg_stat_statements (what the server does).",
	Learn: 0.3, Each: 0.3,
}

// sharedViews are the columns of views of the data dictionary (Database Reference) by the name behind ALL_, DBA_ and USER_ that the target can show. n marks numbers, d moments; @
// marks columns that the USER_ view does not have; the rest are names and words.
var sharedViews = map[string]string{
	"TABLES":      "OWNER@ TABLE_NAME STATUS TEMPORARY PARTITIONED NUM_ROWS:n LAST_ANALYZED:d IOT_TYPE NESTED SECONDARY DROPPED",
	"TAB_COLUMNS": `OWNER@ TABLE_NAME COLUMN_NAME COLUMN_ID:n NULLABLE DATA_TYPE DATA_LENGTH:n DATA_PRECISION:n DATA_SCALE:n CHAR_LENGTH:n IDENTITY_COLUMN`,
	"TAB_COLS": `OWNER@ TABLE_NAME COLUMN_NAME COLUMN_ID:n NULLABLE DATA_TYPE DATA_LENGTH:n DATA_PRECISION:n DATA_SCALE:n CHAR_LENGTH:n IDENTITY_COLUMN HIDDEN_COLUMN
		VIRTUAL_COLUMN`,
	"OBJECTS":      "OWNER@ OBJECT_NAME SUBOBJECT_NAME OBJECT_ID:n OBJECT_TYPE STATUS GENERATED SECONDARY",
	"SEQUENCES":    "SEQUENCE_OWNER@ SEQUENCE_NAME MIN_VALUE:n MAX_VALUE:n INCREMENT_BY:n CYCLE_FLAG CACHE_SIZE:n LAST_NUMBER:n",
	"INDEXES":      "OWNER@ INDEX_NAME INDEX_TYPE TABLE_OWNER TABLE_NAME TABLE_TYPE UNIQUENESS STATUS PARTITIONED",
	"IND_COLUMNS":  "INDEX_OWNER@ INDEX_NAME TABLE_OWNER@ TABLE_NAME COLUMN_NAME COLUMN_POSITION:n DESCEND",
	"CONSTRAINTS":  "OWNER CONSTRAINT_NAME CONSTRAINT_TYPE TABLE_NAME R_OWNER R_CONSTRAINT_NAME DELETE_RULE STATUS DEFERRABLE DEFERRED VALIDATED INDEX_NAME",
	"CONS_COLUMNS": "OWNER CONSTRAINT_NAME TABLE_NAME COLUMN_NAME POSITION:n",
	"VIEWS":        "OWNER@ VIEW_NAME",
	"MVIEWS":       "OWNER@ MVIEW_NAME CONTAINER_NAME",
	"TRIGGERS":     "OWNER@ TRIGGER_NAME TRIGGER_TYPE TRIGGERING_EVENT TABLE_OWNER BASE_OBJECT_TYPE TABLE_NAME STATUS",
	"TAB_COMMENTS": "OWNER@ TABLE_NAME TABLE_TYPE COMMENTS",
	"COL_COMMENTS": "OWNER@ TABLE_NAME COLUMN_NAME COMMENTS",
	"PROCEDURES":   "OWNER@ OBJECT_NAME PROCEDURE_NAME OBJECT_ID:n OBJECT_TYPE",
}

// otherColumns are the columns of these views that the target cannot show. They are listed so that their names stand for nothing else.
var otherColumns = map[string]string{
	"TABLES": `TABLESPACE_NAME CLUSTER_NAME IOT_NAME PCT_FREE PCT_USED INI_TRANS MAX_TRANS INITIAL_EXTENT NEXT_EXTENT MIN_EXTENTS MAX_EXTENTS PCT_INCREASE FREELISTS FREELIST_GROUPS
		LOGGING BACKED_UP BLOCKS EMPTY_BLOCKS AVG_SPACE CHAIN_CNT AVG_ROW_LEN AVG_SPACE_FREELIST_BLOCKS NUM_FREELIST_BLOCKS DEGREE INSTANCES CACHE TABLE_LOCK SAMPLE_SIZE BUFFER_POOL
		FLASH_CACHE CELL_FLASH_CACHE ROW_MOVEMENT GLOBAL_STATS USER_STATS DURATION SKIP_CORRUPT MONITORING CLUSTER_OWNER DEPENDENCIES COMPRESSION COMPRESS_FOR READ_ONLY
		SEGMENT_CREATED RESULT_CACHE CLUSTERING HAS_IDENTITY CONTAINER_DATA EXTERNAL DEFAULT_COLLATION`,
	"TAB_COLUMNS": `DATA_TYPE_MOD DATA_TYPE_OWNER DEFAULT_LENGTH DATA_DEFAULT NUM_DISTINCT LOW_VALUE HIGH_VALUE DENSITY NUM_NULLS NUM_BUCKETS LAST_ANALYZED SAMPLE_SIZE
		CHARACTER_SET_NAME CHAR_COL_DECL_LENGTH GLOBAL_STATS USER_STATS AVG_COL_LEN CHAR_USED V80_FMT_IMAGE DATA_UPGRADED HISTOGRAM DEFAULT_ON_NULL EVALUATION_EDITION COLLATION`,
	"TAB_COLS": `DATA_TYPE_MOD DATA_TYPE_OWNER DEFAULT_LENGTH DATA_DEFAULT NUM_DISTINCT LOW_VALUE HIGH_VALUE DENSITY NUM_NULLS NUM_BUCKETS LAST_ANALYZED SAMPLE_SIZE
		CHARACTER_SET_NAME CHAR_COL_DECL_LENGTH GLOBAL_STATS USER_STATS AVG_COL_LEN CHAR_USED V80_FMT_IMAGE DATA_UPGRADED HISTOGRAM DEFAULT_ON_NULL EVALUATION_EDITION COLLATION
		SEGMENT_COLUMN_ID INTERNAL_COLUMN_ID QUALIFIED_COL_NAME USER_GENERATED`,
	"OBJECTS":   "DATA_OBJECT_ID CREATED LAST_DDL_TIME TIMESTAMP TEMPORARY NAMESPACE EDITION_NAME SHARING EDITIONABLE ORACLE_MAINTAINED APPLICATION",
	"SEQUENCES": "ORDER_FLAG SCALE_FLAG EXTEND_FLAG SESSION_FLAG KEEP_VALUE PARTITION_COUNT SHARDED_FLAG",
	"INDEXES": `COMPRESSION PREFIX_LENGTH TABLESPACE_NAME INI_TRANS MAX_TRANS INITIAL_EXTENT NEXT_EXTENT MIN_EXTENTS MAX_EXTENTS PCT_INCREASE PCT_THRESHOLD INCLUDE_COLUMN FREELISTS
		FREELIST_GROUPS PCT_FREE LOGGING BLEVEL LEAF_BLOCKS DISTINCT_KEYS AVG_LEAF_BLOCKS_PER_KEY AVG_DATA_BLOCKS_PER_KEY CLUSTERING_FACTOR NUM_ROWS SAMPLE_SIZE LAST_ANALYZED DEGREE
		INSTANCES TEMPORARY GENERATED SECONDARY BUFFER_POOL USER_STATS DURATION PCT_DIRECT_ACCESS ITYP_OWNER ITYP_NAME PARAMETERS GLOBAL_STATS DOMIDX_STATUS DOMIDX_OPSTATUS
		FUNCIDX_STATUS JOIN_INDEX IOT_REDUNDANT_PKEY_ELIM DROPPED VISIBILITY SEGMENT_CREATED CONSTRAINT_INDEX`,
	"IND_COLUMNS": "COLUMN_LENGTH CHAR_LENGTH COLLATED_COLUMN_ID",
	"CONSTRAINTS": "SEARCH_CONDITION SEARCH_CONDITION_VC GENERATED BAD RELY LAST_CHANGE INDEX_OWNER INVALID VIEW_RELATED",
	"VIEWS":       "TEXT_LENGTH TEXT TEXT_VC TYPE_TEXT_LENGTH TYPE_TEXT OID_TEXT_LENGTH OID_TEXT VIEW_TYPE_OWNER VIEW_TYPE SUPERVIEW_NAME EDITIONING_VIEW READ_ONLY BEQUEATH",
	"MVIEWS": `QUERY QUERY_LEN UPDATABLE UPDATE_LOG MASTER_LINK REWRITE_ENABLED REWRITE_CAPABILITY REFRESH_MODE REFRESH_METHOD BUILD_MODE FAST_REFRESHABLE LAST_REFRESH_TYPE
		LAST_REFRESH_DATE LAST_REFRESH_END_TIME STALENESS AFTER_FAST_REFRESH COMPILE_STATE`,
	"TRIGGERS": `COLUMN_NAME REFERENCING_NAMES WHEN_CLAUSE DESCRIPTION ACTION_TYPE TRIGGER_BODY CROSSEDITION BEFORE_STATEMENT BEFORE_ROW AFTER_ROW AFTER_STATEMENT INSTEAD_OF_ROW
		FIRE_ONCE APPLY_SERVER_ONLY`,
	"PROCEDURES": "SUBPROGRAM_ID OVERLOAD AGGREGATE PIPELINED IMPLTYPEOWNER IMPLTYPENAME PARALLEL INTERFACE DETERMINISTIC AUTHID RESULT_CACHE POLYMORPHIC",
	"ALL_USERS":  userColumns, "DBA_USERS": userColumns, "USER_USERS": userColumns,
	"V$SESSION": `SADDR SERIAL# AUDSID PADDR USER# COMMAND OWNERID TADDR LOCKWAIT SERVER SCHEMA# SCHEMANAME OSUSER PROCESS PORT TERMINAL SQL_ADDRESS SQL_HASH_VALUE SQL_ID
		SQL_CHILD_NUMBER SQL_EXEC_START PREV_SQL_ID MODULE_HASH ACTION ACTION_HASH CLIENT_INFO CLIENT_IDENTIFIER EVENT EVENT# WAIT_CLASS WAIT_CLASS# WAIT_TIME SECONDS_IN_WAIT STATE
		BLOCKING_SESSION BLOCKING_SESSION_STATUS BLOCKING_INSTANCE ROW_WAIT_OBJ# ROW_WAIT_FILE# ROW_WAIT_BLOCK# ROW_WAIT_ROW# LAST_CALL_ET RESOURCE_CONSUMER_GROUP SERVICE_NAME
		SQL_TRACE SEQ# P1 P2 P3 P1TEXT P2TEXT P3TEXT PLSQL_OBJECT_ID PDML_STATUS PDDL_STATUS PQ_STATUS FAILED_OVER FAILOVER_TYPE`,
	"V$INSTANCE": `HOST_NAME PARALLEL THREAD# ARCHIVER LOG_SWITCH_WAIT LOGINS SHUTDOWN_PENDING INSTANCE_ROLE ACTIVE_STATE BLOCKED INSTANCE_MODE EDITION FAMILY DATABASE_TYPE
		VERSION_FULL VERSION_LEGACY`,
	"V$DATABASE": `DBID CREATED RESETLOGS_CHANGE# RESETLOGS_TIME LOG_MODE CHECKPOINT_CHANGE# CONTROLFILE_TYPE PROTECTION_MODE PROTECTION_LEVEL FORCE_LOGGING PLATFORM_ID PLATFORM_NAME
		FLASHBACK_ON CURRENT_SCN DB_UNIQUE_NAME CDB CON_DBID SWITCHOVER_STATUS DATAGUARD_BROKER GUARD_STATUS`,
	"V$VERSION": "BANNER_LEGACY",
}

const userColumns = `CREATED COMMON ORACLE_MAINTAINED ACCOUNT_STATUS LOCK_DATE EXPIRY_DATE DEFAULT_TABLESPACE TEMPORARY_TABLESPACE PROFILE PASSWORD INITIAL_RSRC_CONSUMER_GROUP
	EXTERNAL_NAME AUTHENTICATION_TYPE LAST_LOGIN`

// singleViews are those that stand alone.
var singleViews = map[string]string{
	"ALL_USERS":  "USERNAME USER_ID:n",
	"DBA_USERS":  "USERNAME USER_ID:n",
	"USER_USERS": "USERNAME USER_ID:n",
	"V$SESSION":  "SID:n USERNAME STATUS TYPE LOGON_TIME:d PROGRAM MODULE MACHINE",
	"V$INSTANCE": "INSTANCE_NUMBER:n INSTANCE_NAME VERSION STARTUP_TIME:d STATUS DATABASE_STATUS",
	"V$DATABASE": "NAME OPEN_MODE DATABASE_ROLE",
	"V$VERSION":  "BANNER BANNER_FULL",
	sessionView:  "PARAMETER VALUE",
}

// sessionView shows the settings of the session.
const sessionView = "NLS_SESSION_PARAMETERS"

// targetViews are the views of the target that are not called like those of the source.
var targetViews = map[string]string{
	"ALL_TAB_COLS": "all_tab_columns", "DBA_TAB_COLS": "all_tab_columns", "USER_TAB_COLS": "user_tab_columns", "DBA_USERS": "all_users", "V$SESSION": "v_session", "V$INSTANCE": "v_instance",
	"V$DATABASE": "v_database", "V$VERSION": "v_version",
}

// viewSynonyms are public synonyms of the data dictionary.
var viewSynonyms = map[string]string{
	"TABS": "USER_TABLES", "COLS": "USER_TAB_COLUMNS", "OBJ": "USER_OBJECTS", "SEQ": "USER_SEQUENCES", "IND": "USER_INDEXES",
	"V_$SESSION": "V$SESSION", "V_$INSTANCE": "V$INSTANCE", "V_$DATABASE": "V$DATABASE", "V_$VERSION": "V$VERSION", "USER_SNAPSHOTS": "USER_MVIEWS", "ALL_SNAPSHOTS": "ALL_MVIEWS",
}

// dictionary makes the views of the data dictionary that the target can show, by name.
func dictionary() map[string]*catalog.Table {
	out := map[string]*catalog.Table{}
	add := func(name, columns, others string, user bool) {
		target := targetViews[name]
		if target == "" {
			target = strings.ToLower(name)
		}
		t := &catalog.Table{Schema: "SYS", Name: name, Kind: catalog.ViewTable, Dictionary: true, Target: strings.Replace(target, "dba_", "all_", 1)}
		for _, c := range strings.Fields(columns) {
			c, owner := strings.CutSuffix(c, "@")
			if owner && user {
				continue
			}
			n, kind, _ := strings.Cut(c, ":")
			col := &catalog.Column{Name: n, Nullable: true, Type: textOf(128), Target: strings.ToLower(n)}
			switch kind {
			case "n":
				col.Type = types.Decimal{}
			case "d":
				col.Type = types.DateTime{}
			}
			t.Columns = append(t.Columns, col)
		}
		unread := append(strings.Fields(others), "CON_ID", "ORIGIN_CON_ID")
		if name == sessionView {
			unread = nil // it has two columns, which a record of its rows has as well
		}
		for _, c := range unread {
			t.Columns = append(t.Columns, &catalog.Column{Name: c, Nullable: true, Type: textOf(128)})
		}
		out[name] = t
	}
	for name, columns := range sharedViews {
		prefixes := map[string]bool{"USER_": true, "ALL_": false, "DBA_": false}
		for prefix, user := range prefixes {
			add(prefix+name, columns, otherColumns[name], user)
		}
	}
	for name, columns := range singleViews {
		add(name, columns, otherColumns[name], false)
	}
	for s, name := range viewSynonyms {
		out[s] = out[name]
	}
	return out
}

// SystemTables are the views of the data dictionary that the target can show.
func (r *Resolver) SystemTables() map[string]*catalog.Table { return r.dictionary }

// dictionaryView is a view of the data dictionary by its name, nil if it is none.
func (r *Resolver) dictionaryView(q ir.QName) *catalog.Table {
	if s := q.Schema(); s != "" && s != "SYS" && s != publicSchema {
		return nil
	}
	if q.Name() == sessionView && !r.plainSession() {
		return nil // what the script has set shows on the source only
	}
	return r.dictionary[q.Name()]
}

// plainSession tells that the settings of formats that the session has are those that everything is converted by unless others are given.
func (r *Resolver) plainSession() bool {
	for k, v := range r.unit.Settings {
		if !strings.HasPrefix(k, "nls-") {
			continue
		}
		if is, known := sessionFormats[k]; !known || !strings.EqualFold(is, v) {
			return false
		}
	}
	return true
}

// sessionFormats are the settings of a session where nothing else is said.
var sessionFormats = map[string]string{
	"nls-date-format": "DD-MON-RR", "nls-timestamp-format": "DD-MON-RR HH.MI.SSXFF AM", "nls-timestamp-tz-format": "DD-MON-RR HH.MI.SSXFF AM TZR", "nls-numeric-characters": ".,",
	"nls-date-language": "AMERICAN", "nls-language": "AMERICAN", "nls-territory": "AMERICA", "nls-sort": "BINARY", "nls-comp": "BINARY", "nls-calendar": "GREGORIAN",
	"nls-length-semantics": "BYTE",
}

// otherViews are the names behind ALL_, DBA_ and USER_ of views that the target cannot show.
const otherViews = ` ARGUMENTS CATALOG CLUSTERS COLL_TYPES DATA_FILES DB_LINKS DEPENDENCIES DIRECTORIES EDITIONS ERRORS EXTENTS EXTERNAL_TABLES FREE_SPACE IDENTIFIERS
 IND_EXPRESSIONS IND_PARTITIONS IND_STATISTICS IND_SUBPARTITIONS JOBS JOBS_RUNNING LOBS LOG_GROUPS METHOD_PARAMS MVIEW_LOGS MVIEW_REFRESH_TIMES OBJECT_SIZE PART_KEY_COLUMNS
 PART_TABLES PLSQL_OBJECT_SETTINGS POLICIES PROFILES QUEUES QUEUE_TABLES RECYCLEBIN REFRESH ROLES ROLE_PRIVS SCHEDULER_JOBS SCHEDULER_JOB_LOG SCHEDULER_JOB_RUN_DETAILS
 SCHEDULER_RUNNING_JOBS SCHEDULER_PROGRAMS SCHEDULER_SCHEDULES SEGMENTS SOURCE SYNONYMS SYS_PRIVS TABLESPACES TAB_COL_STATISTICS TAB_HISTOGRAMS TAB_IDENTITY_COLS
 TAB_MODIFICATIONS TAB_PARTITIONS TAB_PRIVS TAB_PRIVS_MADE TAB_PRIVS_RECD TAB_STATISTICS TAB_STATS_HISTORY TAB_SUBPARTITIONS TEMP_FILES TRIGGER_COLS TS_QUOTAS TYPES TYPE_ATTRS
 TYPE_METHODS UNUSED_COL_TABS UPDATABLE_COLUMNS VARRAYS XML_SCHEMAS XML_TABLES XML_TAB_COLS `

// isDictionary tells a name that the server's own views have.
func isDictionary(q ir.QName) bool {
	switch q.Schema() {
	case "SYS":
		return true
	case "", publicSchema:
	default:
		return false
	}
	for _, p := range []string{"USER_", "ALL_", "DBA_"} {
		if rest, ok := strings.CutPrefix(q.Name(), p); ok && slices.Contains(strings.Fields(otherViews), rest) {
			return true
		}
	}
	for _, p := range []string{"V$", "V_$", "GV$", "X$"} {
		if strings.HasPrefix(q.Name(), p) {
			return true
		}
	}
	switch q.Name() {
	case "SESSION_PRIVS", "SESSION_ROLES", "DICTIONARY", "DICT", "PRODUCT_COMPONENT_VERSION", "GLOBAL_NAME", "TAB", "CAT", "RECYCLEBIN", "PLAN_TABLE", sessionView,
		"NLS_INSTANCE_PARAMETERS", "NLS_DATABASE_PARAMETERS":
		return true
	}
	return false
}
