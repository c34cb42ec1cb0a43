package mysql

import (
	"sync"

	g "godwit/parser/mysql/internal/gram"
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

type word struct {
	typ  int // token type; IDENT for words that are keywords in some contexts only
	mark int
}

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
var synonyms = map[string]int{
	"DISTINCTROW": g.MySQLParserDISTINCT, "RLIKE": g.MySQLParserREGEXP, "SCHEMA": g.MySQLParserDATABASE,
}

// optWords take a value with or without "=" as options of columns, keys and statements.
var optWords = []string{"ALGORITHM", "KEY_BLOCK_SIZE", "COLUMN_FORMAT", "STORAGE", "ENGINE_ATTRIBUTE", "SECONDARY_ENGINE_ATTRIBUTE", "SRID", "REF_SYSTEM_ID", "CLUSTERING"}

// keywords is the word table: every keyword token of the grammar under its own name, synonyms, and contextual words.
var keywords = sync.OnceValue(func() map[string]word {
	m := map[string]word{}
	names := g.SymbolicNames()
	for i := g.MySQLParserADD; i < len(names); i++ {
		m[names[i]] = word{typ: i}
	}
	for w, t := range synonyms {
		m[w] = word{typ: t}
	}
	for _, w := range optWords {
		m[w] = word{typ: g.MySQLParserOPT1}
	}
	for mark, ws := range soft {
		for _, w := range ws {
			m[w] = word{typ: g.MySQLParserIDENT, mark: mark}
		}
	}
	return m
})

// longestWord is the length of the longest keyword; longer words are identifiers.
const longestWord = 28

// lookup finds a word without regard to case and without allocating.
func lookup(s string) word {
	if len(s) > longestWord {
		return word{typ: g.MySQLParserIDENT}
	}
	var b [longestWord]byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		b[i] = c
	}
	if w, ok := keywords()[string(b[:len(s)])]; ok {
		return w
	}
	return word{typ: g.MySQLParserIDENT}
}
