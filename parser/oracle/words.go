package oracle

import (
	"sync"

	"godwit/parser/scan"
)

// plainString marks a string token whose value stands in the source as it is.
const plainString = 1

// plainWords are names that scripts are full of; in the table they have their upper case ready.
var plainWords = []string{
	"ABS", "ADD", "ADD_MONTHS", "AFTER", "ALWAYS", "APPLY", "ARRAY", "AT", "ATTRIBUTE", "AUTHID", "AUTONOMOUS_TRANSACTION", "AVG", "BEFORE", "BFILE", "BINARY_DOUBLE",
	"BINARY_FLOAT", "BINARY_INTEGER", "BITMAP", "BLOB", "BODY", "BOOLEAN", "BYTE", "CACHE", "CASCADE", "CAST", "CEIL", "CHAR", "CHARACTER", "CHR", "CLOB", "COALESCE", "COLLECT",
	"COMPOUND", "CONCAT", "CONNECT_BY_ISCYCLE", "CONNECT_BY_ISLEAF", "CONNECT_BY_ROOT", "CONSTANT", "CONSTRUCTOR", "CONTAINS", "CONVERT", "COUNT", "CURRENT_DATE",
	"CURRENT_TIMESTAMP", "CURRVAL", "CYCLE", "DATE", "DAY", "DBMS_LOB", "DBMS_OUTPUT", "DBMS_SQL", "DEC", "DECIMAL", "DECODE", "DEFERRABLE", "DEFERRED", "DELETING",
	"DENSE_RANK", "DETERMINISTIC", "DISABLE", "DOUBLE", "DUAL", "DUP_VAL_ON_INDEX", "EACH", "EDITIONABLE", "ENABLE", "ERRORS", "EXCEPTION_INIT", "EXCEPTIONS", "EXTEND", "EXTRACT",
	"FINAL", "FIRST", "FLOAT", "FLOOR", "FOLLOWING", "FOLLOWS", "FORCE", "FOUND", "GENERATED", "GLOBAL", "GREATEST", "GROUPING", "HOUR", "IDENTITY", "IMMEDIATE", "INCREMENT",
	"INDICES", "INITCAP", "INITIALLY", "INSERTING", "INSTANTIABLE", "INSTEAD", "INSTR", "INT", "INTEGER", "INVISIBLE", "ISOPEN", "KEEP", "LAG", "LAST", "LAST_DAY", "LATERAL",
	"LEAD", "LEADING", "LEAST", "LENGTH", "LEVEL", "LIMIT", "LISTAGG", "LOCAL", "LOCKED", "LOG", "LONG", "LOWER", "LPAD", "LTRIM", "MAP", "MATCHED", "MATERIALIZED", "MAX",
	"MAXVALUE", "MEMBER", "MIN", "MINUTE", "MINVALUE", "MOD", "MODIFY", "MONTH", "MONTHS_BETWEEN", "NAME", "NCHAR", "NCLOB", "NESTED", "NEW", "NEXT", "NEXTVAL", "NOCACHE",
	"NOCOPY", "NOCYCLE", "NOORDER", "NOTFOUND", "NOWAIT", "NO_DATA_FOUND", "NTILE", "NULLIF", "NULLS", "NUMBER", "NUMERIC", "NVARCHAR2", "NVL", "NVL2", "OBJECT", "OFFSET",
	"OLD", "ONLY", "ORDINALITY", "OTHERS", "OVERRIDING", "PARALLEL_ENABLE", "PARTITIONS", "PERCENT", "PIPELINED", "PLS_INTEGER", "POSITIVE", "POWER", "PRAGMA", "PRECEDING",
	"PRECISION", "PRESERVE", "PUBLIC", "PUT_LINE", "RAISE_APPLICATION_ERROR", "RANGE", "RANK", "RAW", "REAL", "RECORD", "REF", "REFERENCING", "REGEXP_LIKE", "REGEXP_REPLACE",
	"REGEXP_SUBSTR", "RELY", "REPLACE", "RESPECT", "RESULT_CACHE", "REVERSE", "ROUND", "ROWCOUNT", "ROWID", "ROWNUM", "ROWTYPE", "ROW_NUMBER", "RPAD", "RTRIM", "SAMPLE",
	"SECOND", "SEED", "SELF", "SEQUENCE", "SIBLINGS", "SIMPLE_INTEGER", "SKIP", "SMALLINT", "SQL", "SQLCODE", "SQLERRM", "STATEMENT", "STATIC", "STORE", "SUBMULTISET",
	"SUBPARTITION", "SUBSTR", "SUM", "SYSDATE", "SYSTIMESTAMP", "SYS_CONNECT_BY_PATH", "SYS_CONTEXT", "SYS_GUID", "SYS_REFCURSOR", "TABLESPACE", "TEMPORARY", "TIES", "TIME",
	"TIMESTAMP", "TIMEZONE_HOUR", "TIMEZONE_MINUTE", "TOO_MANY_ROWS", "TO_CHAR", "TO_DATE", "TO_NUMBER", "TO_TIMESTAMP", "TRAILING", "TRANSLATE", "TREAT", "TRIM", "TRUNC",
	"UID", "UNBOUNDED", "UNDER", "UPDATING", "UPPER", "UROWID", "USER", "VALUE", "VALUE_ERROR", "VARCHAR", "VARCHAR2", "VARRAY", "VARYING", "VIRTUAL", "VISIBLE", "WAIT",
	"WITHIN", "WITHOUT", "XMLAGG", "XMLELEMENT", "XMLTYPE", "YEAR", "ZERO_DIVIDE", "ZONE",
}

// wordInfo is what is known of a word.
type wordInfo struct {
	upper string
	kind  scan.Kind // kIdent for all but keywords
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

// theWords is the word table: every keyword and the plain words.
var theWords = sync.OnceValue(func() *wordTable {
	t := &wordTable{list: make([]wordInfo, 2, 512)}
	t.list[0].kind, t.list[1].kind = kIdent, kIdent
	for k := kAll; int(k) < len(kindNames); k++ {
		t.add(kindNames[k]).kind = k
	}
	for _, w := range plainWords {
		t.add(w)
	}
	return t
})

// upperName is a name that was not quoted as the source's dictionary has it: in upper case.
func (p *parser) upperName(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 'a' && c <= 'z' || c >= 0x80 {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	if u, ok := p.uppers[s]; ok {
		return u
	}
	const most = 1 << 14
	if p.uppers == nil || len(p.uppers) >= most {
		p.uppers = make(map[string]string, 64)
	}
	u := toUpper(s)
	p.uppers[s] = u
	return u
}
