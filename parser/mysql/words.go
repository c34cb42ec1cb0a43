package mysql

import (
	"sync"

	"godwit/parser/scan"
)

// Marks of words that are keywords in some contexts only; see context.go.
const (
	_ = iota
	wCommand
	wScope
	wSelectOpt
	wPriority
	wQuick
	wPeriod
	wCharacter
	wCharset
	wPortion
	wSystemTime
	wNext
	wPrevious
	wSQL
	wSecurity
	wType
	wNational
	wLong
	wPrecision
	wInteger
	wSystem
	wVersioning
	wRespect
	wNulls
	wGet
	wDiagnostics
	wStacked
	wCurrent
	wStarts
	wSchedule
	wCompletion
	wBoolean
	wLanguage
	wMode
	wSounds
	wMember
	wEscape
	wData
	wDirectory
	wTemporal
	wDuplicate
	wEnforced
	wNames
	wPassword
	wRole
	wTransaction
	wResource
	wStatement
	wReverse
	wTables
	wSome
	wCommandSoft
	wWithin
	wEach
	wFound
	wCharType
	wImmediate
)

// plainString marks a string token whose value stands in the source as it is.
const plainString = 1

// soft lists contextual words: identifiers unless context.go decides otherwise.
var soft = map[int][]string{
	wCommand: {"SHOW", "DESCRIBE", "EXPLAIN", "GRANT", "REVOKE", "PURGE", "KILL", "ANALYZE", "OPTIMIZE", "LOAD", "RELEASE"},
	wCommandSoft: {"START", "COMMIT", "ROLLBACK", "SAVEPOINT", "FLUSH", "RESET", "XA", "HELP", "CACHE", "CHECKSUM", "INSTALL", "UNINSTALL", "BINLOG", "REPAIR",
		"IMPORT", "SHUTDOWN", "RESTART", "CLONE", "STOP", "UNLOCK", "DEALLOCATE", "BACKUP"},
	wScope:       {"GLOBAL", "SESSION", "LOCAL", "PERSIST", "PERSIST_ONLY"},
	wSelectOpt:   {"SQL_CALC_FOUND_ROWS", "SQL_SMALL_RESULT", "SQL_BIG_RESULT", "SQL_BUFFER_RESULT", "SQL_NO_CACHE", "SQL_CACHE"},
	wPriority:    {"HIGH_PRIORITY", "LOW_PRIORITY", "DELAYED"},
	wQuick:       {"QUICK", "HISTORY"},
	wPeriod:      {"PERIOD"},
	wCharacter:   {"CHARACTER", "CHAR"},
	wCharset:     {"CHARSET"},
	wPortion:     {"PORTION"},
	wSystemTime:  {"SYSTEM_TIME"},
	wNext:        {"NEXT"},
	wPrevious:    {"PREVIOUS"},
	wSQL:         {"SQL"},
	wSecurity:    {"SECURITY"},
	wType:        {"TYPE"},
	wNational:    {"NATIONAL", "NCHAR"},
	wLong:        {"LONG"},
	wPrecision:   {"PRECISION", "VARYING"},
	wInteger:     {"INTEGER", "INT"},
	wCharType:    {"VARCHAR", "VARBINARY", "VARCHARACTER"},
	wSystem:      {"SYSTEM"},
	wVersioning:  {"VERSIONING"},
	wRespect:     {"RESPECT"},
	wNulls:       {"NULLS"},
	wGet:         {"GET"},
	wDiagnostics: {"DIAGNOSTICS"},
	wStacked:     {"STACKED"},
	wCurrent:     {"CURRENT"},
	wStarts:      {"STARTS", "ENDS"},
	wSchedule:    {"SCHEDULE"},
	wCompletion:  {"COMPLETION"},
	wBoolean:     {"BOOLEAN"},
	wLanguage:    {"LANGUAGE"},
	wMode:        {"MODE"},
	wSounds:      {"SOUNDS"},
	wMember:      {"MEMBER"},
	wEscape:      {"ESCAPE"},
	wData:        {"DATA"},
	wDirectory:   {"DIRECTORY"},
	wTemporal:    {"DATE", "TIME", "TIMESTAMP"},
	wDuplicate:   {"DUPLICATE"},
	wEnforced:    {"ENFORCED"},
	wNames:       {"NAMES"},
	wPassword:    {"PASSWORD"},
	wRole:        {"ROLE"},
	wTransaction: {"TRANSACTION"},
	wResource:    {"RESOURCE"},
	wStatement:   {"STATEMENT"},
	wReverse:     {"REVERSE"},
	wTables:      {"TABLES"},
	wSome:        {"SOME"},
	wWithin:      {"WITHIN"},
	wEach:        {"EACH"},
	wFound:       {"FOUND"},
	wImmediate:   {"IMMEDIATE"},
}

// synonyms are other spellings of keywords.
var synonyms = map[string]scan.Kind{"DISTINCTROW": kDistinct, "RLIKE": kRegexp, "SCHEMA": kDatabase}

// optWords take a value with or without "=" as options of columns, keys and statements.
var optWords = []string{"ALGORITHM", "KEY_BLOCK_SIZE", "COLUMN_FORMAT", "STORAGE", "ENGINE_ATTRIBUTE", "SECONDARY_ENGINE_ATTRIBUTE", "SRID", "REF_SYSTEM_ID", "CLUSTERING"}

// plainWords are identifiers that the parser asks for by name; in the table they have their upper case ready.
var plainWords = []string{
	"AUTO_INCREMENT", "VIRTUAL", "STORED", "PERSISTENT", "INVISIBLE", "VISIBLE", "FIRST", "ENGINE", "ENFORCED", "ASCII", "UNICODE", "ROW_FORMAT", "TINYINT", "SMALLINT",
	"MEDIUMINT", "BIGINT", "DECIMAL", "DEC", "NUMERIC", "FIXED", "FLOAT", "DOUBLE", "REAL", "BIT", "BOOL", "YEAR", "DATETIME", "TEXT", "TINYTEXT", "MEDIUMTEXT", "LONGTEXT",
	"BLOB", "TINYBLOB", "MEDIUMBLOB", "LONGBLOB", "ENUM", "JSON", "GEOMETRY", "SERIAL", "UUID", "INET4", "INET6", "BTREE", "HASH", "DETERMINISTIC", "READS", "MODIFIES",
	"CONTAINS", "NO", "MESSAGE_TEXT", "MYSQL_ERRNO", "NEW", "OLD", "UNKNOWN", "LESS", "THAN", "MAXVALUE", "CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME",
	"LOCALTIME", "LOCALTIMESTAMP", "UTC_DATE", "UTC_TIME", "UTC_TIMESTAMP", "CAST", "NOW", "SYSDATE", "CURDATE", "CURTIME", "DATE_ADD", "DATE_SUB", "ADDDATE", "SUBDATE",
	"TIMESTAMPADD", "CONCAT", "ISNULL", "NEXTVAL", "LASTVAL", "SETVAL", "WORK", "ATOMIC", "DUAL",
}

// wordInfo is what is known of a word.
type wordInfo struct {
	upper string
	kind  scan.Kind // kIdent for words that are keywords in some contexts only
	mark  int       // the context, 0 for none
	fn    *function // the built-in function of that name, nil for none
}

// wordTable is what is known of the words that a script is full of, by their numbers.
type wordTable struct {
	scan.Words
	list []wordInfo
}

// add finds the entry of a word in upper case, or makes it.
func (t *wordTable) add(w string) *wordInfo {
	i, isNew := t.Add(w)
	if isNew {
		t.list = append(t.list, wordInfo{upper: w, kind: kIdent})
	}
	return &t.list[i]
}

// theWords is the word table: every keyword under its own name, synonyms, contextual words, functions and plain words.
var theWords = sync.OnceValue(func() *wordTable {
	t := &wordTable{list: make([]wordInfo, 2, 1024)}
	t.list[0].kind, t.list[1].kind = kIdent, kIdent
	for k := kAdd; int(k) < len(kindNames); k++ {
		t.add(kindNames[k]).kind = k
	}
	for w, k := range synonyms {
		t.add(w).kind = k
	}
	for _, w := range optWords {
		t.add(w).kind = kOption
	}
	for mark, ws := range soft {
		for _, w := range ws {
			t.add(w).mark = mark
		}
	}
	for _, w := range plainWords {
		t.add(w)
	}
	for n, f := range functions {
		t.add(n).fn = &f
	}
	return t
})
