package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/types"
)

// suppliedParams are the parameters of routines of supplied packages that are often called with named arguments, in order, each with the default that
// stands where a later one is given (see builtinParams): what is NULL there has no default, is left to a rule that knows it, or must be given.
var suppliedParams = map[string]string{
	"DBMS_OUTPUT.PUT_LINE": "A", "DBMS_OUTPUT.PUT": "A", "DBMS_OUTPUT.ENABLE": "BUFFER_SIZE", "DBMS_LOCK.SLEEP": "SECONDS", "DBMS_SESSION.SLEEP": "SECONDS",
	"DBMS_RANDOM.VALUE": "LOW HIGH", "DBMS_RANDOM.STRING": "OPT LEN", "DBMS_LOB.SUBSTR": "LOB_LOC AMOUNT=32767 OFFSET=1", "DBMS_LOB.INSTR": "LOB_LOC PATTERN OFFSET=1 NTH=1",
	"DBMS_LOB.GETLENGTH": "LOB_LOC", "DBMS_LOB.APPEND": "DEST_LOB SRC_LOB", "DBMS_LOB.WRITE": "LOB_LOC AMOUNT OFFSET BUFFER", "DBMS_LOB.WRITEAPPEND": "LOB_LOC AMOUNT BUFFER",
	"DBMS_LOB.COPY": "DEST_LOB SRC_LOB AMOUNT DEST_OFFSET=1 SRC_OFFSET=1", "DBMS_LOB.CREATETEMPORARY": "LOB_LOC CACHE DUR", "DBMS_LOB.READ": "LOB_LOC AMOUNT OFFSET BUFFER",
	"DBMS_LOB.TRIM": "LOB_LOC NEWLEN", "DBMS_LOB.ERASE": "LOB_LOC AMOUNT OFFSET", "DBMS_LOB.FREETEMPORARY": "LOB_LOC", "DBMS_LOB.OPEN": "LOB_LOC OPEN_MODE", "DBMS_LOB.CLOSE": "LOB_LOC",
	"DBMS_APPLICATION_INFO.SET_MODULE": "MODULE_NAME ACTION_NAME", "DBMS_APPLICATION_INFO.SET_ACTION": "ACTION_NAME", "DBMS_APPLICATION_INFO.SET_CLIENT_INFO": "CLIENT_INFO",
	"DBMS_SESSION.SET_CONTEXT": "NAMESPACE ATTRIBUTE VALUE USERNAME CLIENT_ID", "DBMS_SESSION.CLEAR_CONTEXT": "NAMESPACE CLIENT_ID ATTRIBUTE", "DBMS_SESSION.SET_IDENTIFIER": "CLIENT_ID",
	"DBMS_STATS.GATHER_TABLE_STATS":  "OWNNAME TABNAME PARTNAME ESTIMATE_PERCENT BLOCK_SAMPLE METHOD_OPT DEGREE GRANULARITY CASCADE STATTAB STATID STATOWN NO_INVALIDATE STATTYPE FORCE",
	"DBMS_STATS.GATHER_SCHEMA_STATS": "OWNNAME ESTIMATE_PERCENT BLOCK_SAMPLE METHOD_OPT DEGREE GRANULARITY CASCADE STATTAB STATID OPTIONS OBJLIST STATOWN NO_INVALIDATE GATHER_TEMP FORCE",
	"DBMS_STATS.GATHER_INDEX_STATS":  "OWNNAME INDNAME PARTNAME ESTIMATE_PERCENT STATTAB STATID STATOWN DEGREE GRANULARITY NO_INVALIDATE STATTYPE FORCE",
	"DBMS_MVIEW.REFRESH":             "LIST METHOD ROLLBACK_SEG PUSH_DEFERRED_RPC REFRESH_AFTER_ERRORS PURGE_OPTION PARALLELISM HEAP_SIZE ATOMIC_REFRESH NESTED OUT_OF_PLACE",
	"DBMS_LOCK.ALLOCATE_UNIQUE":      "LOCKNAME LOCKHANDLE EXPIRATION_SECS", "DBMS_LOCK.REQUEST": "LOCKHANDLE LOCKMODE=6 TIMEOUT=32767 RELEASE_ON_COMMIT", "DBMS_LOCK.RELEASE": "LOCKHANDLE",
	"DBMS_JOB.SUBMIT":           "JOB WHAT NEXT_DATE INTERVAL NO_PARSE INSTANCE FORCE",
	"DBMS_SCHEDULER.CREATE_JOB": "JOB_NAME JOB_TYPE JOB_ACTION NUMBER_OF_ARGUMENTS START_DATE REPEAT_INTERVAL END_DATE JOB_CLASS ENABLED AUTO_DROP COMMENTS",
	"DBMS_SCHEDULER.DROP_JOB":   "JOB_NAME FORCE DEFER COMMIT_SEMANTICS",
	"DBMS_CRYPTO.HASH":          "SRC TYP",
	"DBMS_CRYPTO.MAC":           "SRC TYP KEY", "DBMS_CRYPTO.ENCRYPT": "SRC TYP KEY IV", "DBMS_CRYPTO.DECRYPT": "SRC TYP KEY IV",
	"UTL_I18N.STRING_TO_RAW": "DATA DST_CHARSET", "UTL_I18N.RAW_TO_CHAR": "DATA SRC_CHARSET",
	"UTL_URL.ESCAPE": "URL ESCAPE_RESERVED_CHARS=FALSE URL_CHARSET", "UTL_URL.UNESCAPE": "URL URL_CHARSET",
	"DBMS_LOB.CONVERTTOBLOB":      "DEST_LOB SRC_CLOB AMOUNT DEST_OFFSET SRC_OFFSET BLOB_CSID LANG_CONTEXT WARNING",
	"DBMS_LOB.CONVERTTOCLOB":      "DEST_LOB SRC_BLOB AMOUNT DEST_OFFSET SRC_OFFSET BLOB_CSID LANG_CONTEXT WARNING",
	"UTL_COMPRESS.LZ_COMPRESS":    "SRC QUALITY",
	"UTL_COMPRESS.LZ_UNCOMPRESS":  "SRC",
	"UTL_RAW.CONVERT":             "R TO_CHARSET FROM_CHARSET",
	"UTL_RAW.OVERLAY":             "OVERLAY_STR TARGET POS=1 LEN PAD",
	"DBMS_UTILITY.COMPILE_SCHEMA": "SCHEMA COMPILE_ALL REUSE_SETTINGS",
}

// suppliedConstants are the constants of supplied packages.
var suppliedConstants = map[string]string{
	"DBMS_LOCK.NL_MODE": "1", "DBMS_LOCK.SS_MODE": "2", "DBMS_LOCK.SX_MODE": "3", "DBMS_LOCK.S_MODE": "4", "DBMS_LOCK.SSX_MODE": "5", "DBMS_LOCK.X_MODE": "6", "DBMS_LOCK.MAXWAIT": "32767",
	"DBMS_CRYPTO.HASH_MD4": "1", "DBMS_CRYPTO.HASH_MD5": "2", "DBMS_CRYPTO.HASH_SH1": "3", "DBMS_CRYPTO.HASH_SH256": "4", "DBMS_CRYPTO.HASH_SH384": "5", "DBMS_CRYPTO.HASH_SH512": "6",
	"DBMS_CRYPTO.HMAC_MD5": "1", "DBMS_CRYPTO.HMAC_SH1": "2", "DBMS_CRYPTO.HMAC_SH256": "3", "DBMS_CRYPTO.HMAC_SH384": "4", "DBMS_CRYPTO.HMAC_SH512": "5",
	"DBMS_CRYPTO.ENCRYPT_AES128": "6", "DBMS_CRYPTO.ENCRYPT_AES192": "7", "DBMS_CRYPTO.ENCRYPT_AES256": "8", "DBMS_CRYPTO.CHAIN_CBC": "256", "DBMS_CRYPTO.PAD_PKCS5": "4096",
	"DBMS_CRYPTO.AES_CBC_PKCS5": "4358",
	"DBMS_LOB.CALL":             "12", "DBMS_LOB.SESSION": "10", "DBMS_LOB.LOB_READONLY": "0", "DBMS_LOB.LOB_READWRITE": "1", "DBMS_LOB.LOBMAXSIZE": "18446744073709551615",
	"DBMS_LOB.DEFAULT_CSID": "0", "DBMS_LOB.DEFAULT_LANG_CTX": "0", "DBMS_LOB.NO_WARNING": "0", "DBMS_LOB.WARN_INCONVERTIBLE_CHAR": "1",
	"UTL_RAW.BIG_ENDIAN": "1", "UTL_RAW.LITTLE_ENDIAN": "2", "UTL_RAW.MACHINE_ENDIAN": "3", "DBMS_XMLGEN.ENTITY_ENCODE": "0", "DBMS_XMLGEN.ENTITY_DECODE": "1",
	"ORA_MAX_NAME_LEN": "128", "STANDARD.ORA_MAX_NAME_LEN": "128", // since 12.2
	"DBMS_SQL.V6": "0", "DBMS_SQL.NATIVE": "1", "DBMS_SQL.V7": "2",
}

// constant is a constant of a supplied package, nil if name is none.
func (r *Resolver) constant(inv *ir.Invoke, name string) ir.Expr {
	v, ok := suppliedConstants[name]
	if !ok || len(inv.Args) > 0 {
		return nil
	}
	n := &ir.Number{Text: v}
	n.Meta = inv.Meta
	n.Type = types.Decimal{Precision: len(v)}
	return n
}

// textConstant is UTL_TCP.CRLF, the end of a line, nil for everything else.
func (r *Resolver) textConstant(sc *scope, inv *ir.Invoke, name string) ir.Expr {
	if name != "UTL_TCP.CRLF" || len(inv.Args) > 0 {
		return nil
	}
	chr := func(code string) ir.Expr {
		n := &ir.Number{Text: code}
		f := &ir.Name{Parts: []ir.Ident{{Text: "CHR"}}}
		x := &ir.Invoke{X: f, Args: []ir.Expr{n}}
		n.Meta, f.Meta, x.Meta = inv.Meta, inv.Meta, inv.Meta
		return x
	}
	c := &ir.Concat{Args: []ir.Expr{chr("13"), chr("10")}}
	c.Meta = inv.Meta
	return r.value(sc, c)
}

// encodes leaves the flag of DBMS_XMLGEN.CONVERT out where it says what is done without one.
func encodes(inv *ir.Invoke, name string) {
	if name != "DBMS_XMLGEN.CONVERT" || len(inv.Args) != 2 {
		return
	}
	flag := strings.TrimPrefix(strings.ToUpper(inv.Args[1].Base().Span.Text()), "SYS.")
	if flag == "0" || flag == "DBMS_XMLGEN.ENTITY_ENCODE" {
		inv.Args = inv.Args[:1]
	}
}

// placed puts named arguments of a supplied routine into their places; those that are left out between others have their defaults.
func placed(inv *ir.Invoke, name string) {
	params := strings.Fields(suppliedParams[name])
	out := make([]ir.Expr, 0, len(inv.Args))
	for i, a := range inv.Args {
		n, ok := a.(*ir.NamedArg)
		if !ok {
			if len(out) != i {
				return
			}
			out = append(out, a)
			continue
		}
		at := paramAt(params, n.Name.Text)
		if at < 0 {
			return
		}
		for len(out) <= at {
			out = append(out, nil)
		}
		if out[at] != nil {
			return
		}
		out[at] = n.Value
	}
	for i := range out {
		if out[i] == nil {
			out[i] = defaultOf(inv, params[i])
		}
	}
	inv.Args = out
}
