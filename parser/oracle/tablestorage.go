package oracle

import "strings"

// tableWords are the words of the clauses of a table that concern storage (SQL Language Reference, "CREATE TABLE", physical_properties and
// table_properties), but for those behind which a name stands.
var tableWords = wordSet(`ADD ADVANCED AFTER ALL ALWAYS ANNOTATIONS ARCHIVE ATTRIBUTE AUTO BACKGROUND BASIC BEFORE BINARY BUFFER_POOL BY CACHE CAPACITY CELL_FLASH_CACHE CELLMEMORY
	CHUNK CLUSTERING CLUSTERS COMPRESS COMPRESSION CREATION CRITICAL DATA DAYS DEDUPLICATE DEFAULT DEFERRED DELETE DEMAND DIRECT_LOAD DISTRIBUTE DML DROP DUPLICATE DUPLICATED
	ENCRYPT DECRYPT EXPIRE EVALUATE FILESYSTEM_LIKE_LOGGING FLASH_CACHE FLASHBACK FOR FORCE FREELIST FREELISTS FREEPOOLS GENERATED GROUPS HASHING HIGH IDENTIFIER IDLE ILM
	IMMEDIATE IMMUTABLE IN INDEX INDEXING INITIAL INITRANS INMEMORY INTERLEAVED IS JSON KEEP KEEP_DUPLICATES KEY LEVEL LINEAR LOB LOCATOR LOCKING LOG LOGGING LOW MANUAL MAPPING MATERIALIZED
	MAXEXTENTS MAXSIZE MAXTRANS MEDIUM MEMCOMPRESS MEMOPTIMIZE METADATA MINEXTENTS MINIMIZE MODE MODIFICATION MONITORING MONTHS MOVEMENT NEVER NEXT NO NOCACHE NOCOMPRESS
	NOLOGGING NOMAPPING NOMONITORING NONE NOPARALLEL NOROWDEPENDENCIES NORELY NOSORT NOT OBJECT OF OFF OLTP ON ONLY OPERATIONS OPTIMAL OPTIONS OVERFLOW PARALLEL PCTFREE PCTINCREASE PCTTHRESHOLD
	PCTUSED PCTVERSION PERMANENT PRIMARY PRIORITY QUERY READ READS READONLY RECYCLE RELATIONAL RELY RESULT_CACHE RETENTION RETURN ROW ROWDEPENDENCIES ROWID ROWS SCOPE SEGMENT
	SHARDED SORT SPATIAL STAGING STORAGE STORE SUBPARTITION SUPPLEMENTAL SYSTEM TEXT TIER UNLIMITED UNTIL USER USING VALUE VIRTUAL WITH WITHOUT WRITE XML YEARS YES ZONEMAP`)

// namedTableWords are those behind which a name may stand.
var namedTableWords = wordSet("ARCHIVE AS BASICFILE COLLATION COLUMN COLUMN_VALUE ELEMENT GROUP INCLUDING LOB NESTED OIDINDEX POLICY SECUREFILE SERVICE TABLE TABLESPACE VARRAY VERSION XMLSCHEMA XMLTYPE PARTITION RESTORE TO")

func wordSet(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

// storageWord steps over a word of a clause that concerns storage, or over a value or name in one. A word that belongs to none is an error:
// what it means is not known.
func (p *parser) storageWord() {
	i := p.Pos
	switch p.Kind() {
	case kNumber, kString, kEq, kDot, kComma, kPercent:
		p.Next()
		return
	case kLP:
		if p.At(i-1).Kind != kRP {
			p.parens()
			return
		}
	case kQIdent:
		if p.namesStorage(i - 1) {
			p.Next()
			return
		}
	case kRP:
	default:
		if p.acceptWord("CLUSTERING") {
			p.clustering()
			return
		}
		if w := p.upper(i); tableWords[w] || namedTableWords[w] || p.namesStorage(i-1) {
			p.Next()
			return
		}
	}
	p.Fail("an option of the table")
}

// clustering reads [t JOIN u ON (...)]... BY [LINEAR | INTERLEAVED] ORDER of the clause of attribute clustering, behind CLUSTERING. It says
// where rows are kept that are loaded in bulk; what stands behind it are words of storage.
func (p *parser) clustering() {
	for p.Kind() != kBy && p.Kind() != kSemi && p.Kind() != kEOF {
		if p.Kind() == kLP {
			p.parens()
			continue
		}
		p.Next()
	}
	p.Expect(kBy)
	p.acceptAny("LINEAR", "INTERLEAVED")
	p.Expect(kOrder)
	p.parens()
	_ = p.acceptWords("YES", "ON", "LOAD") || p.acceptWords("NO", "ON", "LOAD")
}

// namesStorage tells that a name of a clause that concerns storage may stand behind the token.
func (p *parser) namesStorage(i int) bool {
	k := p.At(i).Kind
	return k == kDot || k == kComma || k != kQIdent && k != kString && namedTableWords[p.upper(i)]
}
