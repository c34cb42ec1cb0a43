package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/types"
)

// function describes a built-in function.
type function struct {
	op       op.Op
	min, max int
	// args are the classes of the arguments, the last for all that follow: t text, n number, d DATE, m date or timestamp, b bytes, x anything.
	args string
	// result: t a text, T a text like the first argument, n NUMBER, N a number of the arguments' kind, d DATE, s TIMESTAMP, z TIMESTAMP WITH TIME
	// ZONE, I and Y intervals of days and of months, r RAW, f and F BINARY_FLOAT and BINARY_DOUBLE, 0 the first argument's, ? a condition.
	result byte
}

// functions are the built-in functions that have arguments classes and results of their own; others stand in builtin.
var functions = map[string]function{
	"SUBSTR": {op.OraSubstr, 2, 3, "tn", 'T'}, "SUBSTRB": {op.OraSubstrB, 2, 3, "tn", 'T'}, "SUBSTRC": {op.OraSubstr, 2, 3, "tn", 'T'},
	"INSTR": {op.OraInstr, 2, 4, "ttn", 'n'}, "INSTRB": {op.OraInstrB, 2, 4, "ttn", 'n'}, "INSTRC": {op.OraInstr, 2, 4, "ttn", 'n'},
	"LPAD": {op.OraLPad, 2, 3, "tnt", 't'}, "RPAD": {op.OraRPad, 2, 3, "tnt", 't'},
	"LTRIM": {op.OraLTrim, 1, 2, "t", 'T'}, "RTRIM": {op.OraRTrim, 1, 2, "t", 'T'}, "TRIM": {op.OraTrim, 1, 2, "t", 'T'},
	"REPLACE": {op.OraReplace, 2, 3, "t", 't'}, "TRANSLATE": {op.OraTranslate, 3, 3, "t", 'T'},
	"NLS_INITCAP": {op.OraInitCap, 1, 1, "t", 'T'}, "NLS_UPPER": {op.OraUpper, 1, 1, "t", 'T'}, "NLS_LOWER": {op.OraLower, 1, 1, "t", 'T'},
	"INITCAP": {op.OraInitCap, 1, 1, "t", 'T'}, "UPPER": {op.OraUpper, 1, 1, "t", 'T'}, "LOWER": {op.OraLower, 1, 1, "t", 'T'},
	"ASCII": {op.OraASCII, 1, 1, "t", 'n'}, "CHR": {op.OraChr, 1, 1, "n", 't'}, "SOUNDEX": {op.OraSoundex, 1, 1, "t", 't'},
	"LENGTH": {op.OraLength, 1, 1, "t", 'n'}, "LENGTHB": {op.OraLengthB, 1, 1, "b", 'n'}, "LENGTHC": {op.OraLength, 1, 1, "t", 'n'},
	"LENGTH4": {op.OraLength, 1, 1, "t", 'n'}, "SUBSTR4": {op.OraSubstr, 2, 3, "tn", 'T'}, "INSTR4": {op.OraInstr, 2, 4, "ttn", 'n'},
	"UNISTR": {op.OraUnistr, 1, 1, "t", 't'}, "RAWTOHEX": {op.OraRawToHex, 1, 1, "x", 't'}, "HEXTORAW": {op.OraHexToRaw, 1, 1, "t", 'r'},
	"STANDARD_HASH": {op.OraStandardHash, 1, 2, "xt", 'r'},
	"REGEXP_LIKE":   {op.OraRegexpLike, 2, 3, "t", '?'}, "REGEXP_REPLACE": {op.OraRegexpReplace, 2, 6, "tttnnt", 't'},
	"REGEXP_SUBSTR": {op.OraRegexpSubstr, 2, 6, "ttnntn", 't'}, "REGEXP_INSTR": {op.OraRegexpInstr, 2, 7, "ttnnntn", 'n'},
	"REGEXP_COUNT": {op.OraRegexpCount, 2, 4, "ttnt", 'n'},

	"MOD": {op.OraMod, 2, 2, "n", 'N'}, "REMAINDER": {op.OraRemainder, 2, 2, "n", 'N'}, "POWER": {op.OraPower, 2, 2, "n", 'N'},
	"SQRT": {op.OraSqrt, 1, 1, "n", 'N'}, "EXP": {op.OraExp, 1, 1, "n", 'N'}, "LN": {op.OraLn, 1, 1, "n", 'N'}, "LOG": {op.OraLog, 2, 2, "n", 'N'},
	"ABS": {op.OraAbs, 1, 1, "n", '0'}, "SIGN": {op.OraSign, 1, 1, "n", 'n'}, "CEIL": {op.OraCeil, 1, 1, "n", 'N'}, "FLOOR": {op.OraFloor, 1, 1, "n", 'N'},
	"BITAND": {op.OraBitAnd, 2, 2, "n", 'n'}, "WIDTH_BUCKET": {op.OraWidthBucket, 4, 4, "n", 'n'}, "NANVL": {op.OraNaNVL, 2, 2, "n", 'N'},
	"BIN_TO_NUM": {op.OraBinToNum, 1, -1, "n", 'n'},
	"SIN":        {op.OraMath, 1, 1, "n", 'N'}, "COS": {op.OraMath, 1, 1, "n", 'N'}, "TAN": {op.OraMath, 1, 1, "n", 'N'},
	"ASIN": {op.OraMath, 1, 1, "n", 'N'}, "ACOS": {op.OraMath, 1, 1, "n", 'N'}, "ATAN": {op.OraMath, 1, 1, "n", 'N'}, "ATAN2": {op.OraMath, 2, 2, "n", 'N'},
	"SINH": {op.OraMath, 1, 1, "n", 'N'}, "COSH": {op.OraMath, 1, 1, "n", 'N'}, "TANH": {op.OraMath, 1, 1, "n", 'N'},

	"TO_DATE": {op.OraToDate, 1, 3, "t", 'd'}, "TO_TIMESTAMP": {op.OraToTimestamp, 1, 3, "t", 's'}, "TO_TIMESTAMP_TZ": {op.OraToTimestampTZ, 1, 3, "t", 'z'},
	"TO_DSINTERVAL": {op.OraToDSInterval, 1, 1, "t", 'I'}, "TO_YMINTERVAL": {op.OraToYMInterval, 1, 1, "t", 'Y'},
	"NUMTODSINTERVAL": {op.OraNumToDSInterval, 2, 2, "nt", 'I'}, "NUMTOYMINTERVAL": {op.OraNumToYMInterval, 2, 2, "nt", 'Y'},

	"ADD_MONTHS": {op.OraAddMonths, 2, 2, "dn", 'd'}, "MONTHS_BETWEEN": {op.OraMonthsBetween, 2, 2, "d", 'n'}, "LAST_DAY": {op.OraLastDay, 1, 1, "d", 'd'},
	"NEXT_DAY": {op.OraNextDay, 2, 2, "dt", 'd'}, "FROM_TZ": {op.OraFromTZ, 2, 2, "mt", 'z'}, "SYS_EXTRACT_UTC": {op.OraUTC, 1, 1, "m", 's'},
	"NEW_TIME": {op.OraNewTime, 3, 3, "dt", 'd'}, "TZ_OFFSET": {op.OraTZOffset, 1, 1, "t", 't'},

	"SYSDATE": {op.OraSysDate, 0, 0, "", 'd'}, "CURRENT_DATE": {op.OraSysDate, 0, 0, "", 'd'}, "SYSTIMESTAMP": {op.OraSysTimestamp, 0, 1, "n", 'z'},
	"CURRENT_TIMESTAMP": {op.OraSysTimestamp, 0, 1, "n", 'z'}, "LOCALTIMESTAMP": {op.OraLocalTimestamp, 0, 1, "n", 's'},
	"SESSIONTIMEZONE": {op.OraSessionZone, 0, 0, "", 't'}, "USER": {op.OraUser, 0, 0, "", 't'},
	"SYS_CONTEXT": {op.OraSysContext, 2, 3, "ttn", 't'}, "USERENV": {op.OraUserEnv, 1, 1, "t", 't'}, "SYS_GUID": {op.OraSysGUID, 0, 0, "", 'r'},
	"SQLCODE": {op.OraSQLCode, 0, 0, "", 'n'}, "SQLERRM": {op.OraSQLErrM, 0, 1, "n", 't'}, "RAISE_APPLICATION_ERROR": {op.OraRaise, 2, 3, "ntx", '-'},
}

// suppliedRoutine is a routine of a supplied package: classes of its arguments and its result as in function; '-' is a procedure.
type suppliedRoutine struct {
	min, max int
	args     string
	result   byte
}

var suppliedRoutines = map[string]suppliedRoutine{
	"DBMS_OUTPUT.PUT_LINE": {1, 1, "t", '-'}, "DBMS_OUTPUT.PUT": {1, 1, "t", '-'}, "DBMS_OUTPUT.NEW_LINE": {0, 0, "", '-'},
	"DBMS_OUTPUT.ENABLE": {0, 1, "n", '-'},
	"DBMS_RANDOM.VALUE":  {0, 2, "n", 'n'}, "DBMS_RANDOM.STRING": {2, 2, "tn", 't'}, "DBMS_RANDOM.NORMAL": {0, 0, "", 'n'}, "DBMS_RANDOM.RANDOM": {0, 0, "", 'n'},
	"DBMS_RANDOM.SEED": {1, 1, "x", '-'}, "DBMS_UTILITY.GET_TIME": {0, 0, "", 'n'}, "DBMS_LOCK.SLEEP": {1, 1, "n", '-'}, "DBMS_SESSION.SLEEP": {1, 1, "n", '-'},
	"DBMS_LOB.SUBSTR": {1, 3, "xn", 'T'}, "DBMS_LOB.INSTR": {2, 4, "xxn", 'n'}, "DBMS_LOB.GETLENGTH": {1, 1, "x", 'n'},
	"DBMS_LOB.COMPARE": {2, 5, "xxn", 'n'}, "DBMS_LOB.APPEND": {2, 2, "x", '-'}, "DBMS_LOB.WRITE": {4, 4, "xnnx", '-'}, "DBMS_LOB.WRITEAPPEND": {3, 3, "xnx", '-'},
	"DBMS_LOB.TRIM": {2, 2, "xn", '-'}, "DBMS_LOB.COPY": {3, 5, "xxn", '-'}, "DBMS_LOB.ERASE": {2, 3, "xn", '-'}, "DBMS_LOB.READ": {4, 4, "xxnx", '-'},
	"DBMS_LOB.CREATETEMPORARY": {2, 3, "xxx", '-'}, "DBMS_LOB.FREETEMPORARY": {1, 1, "x", '-'}, "DBMS_LOB.OPEN": {2, 2, "x", '-'}, "DBMS_LOB.CLOSE": {1, 1, "x", '-'},
	"DBMS_LOB.ISTEMPORARY":      {1, 1, "x", 'n'},
	"DBMS_LOCK.ALLOCATE_UNIQUE": {2, 3, "txn", '-'}, "DBMS_LOCK.REQUEST": {1, 4, "tnnx", 'n'}, "DBMS_LOCK.RELEASE": {1, 1, "t", 'n'},
	"DBMS_APPLICATION_INFO.SET_MODULE": {2, 2, "t", '-'}, "DBMS_APPLICATION_INFO.SET_ACTION": {1, 1, "t", '-'}, "DBMS_APPLICATION_INFO.SET_CLIENT_INFO": {1, 1, "t", '-'},
	"DBMS_APPLICATION_INFO.READ_MODULE": {2, 2, "x", '-'}, "DBMS_APPLICATION_INFO.READ_CLIENT_INFO": {1, 1, "x", '-'},
	"DBMS_SCHEDULER.ENABLE": {1, 2, "x", '-'}, "DBMS_SCHEDULER.DISABLE": {1, 4, "x", '-'}, "DBMS_UTILITY.ANALYZE_SCHEMA": {2, 5, "x", '-'},
	"DBMS_SESSION.SET_CONTEXT": {3, 3, "t", '-'}, "DBMS_SESSION.CLEAR_CONTEXT": {3, 3, "t", '-'}, "DBMS_SESSION.SET_IDENTIFIER": {1, 1, "t", '-'}, "DBMS_SESSION.CLEAR_IDENTIFIER": {0, 0, "", '-'},
	"DBMS_STATS.GATHER_TABLE_STATS": {2, 15, "x", '-'}, "DBMS_STATS.GATHER_SCHEMA_STATS": {1, 15, "x", '-'}, "DBMS_STATS.GATHER_INDEX_STATS": {2, 12, "x", '-'},
	"DBMS_STATS.GATHER_DATABASE_STATS": {0, 0, "", '-'}, "DBMS_UTILITY.COMPILE_SCHEMA": {1, 3, "x", '-'},
	"DBMS_MVIEW.REFRESH": {1, 11, "x", '-'}, "DBMS_SNAPSHOT.REFRESH": {1, 2, "x", '-'}, "DBMS_CRYPTO.HASH": {2, 2, "bn", 'r'},
	"DBMS_CRYPTO.MAC": {3, 3, "bnb", 'r'}, "DBMS_CRYPTO.ENCRYPT": {3, 4, "bnb", 'r'}, "DBMS_CRYPTO.DECRYPT": {3, 4, "bnb", 'r'},
	"DBMS_ASSERT.ENQUOTE_LITERAL": {1, 1, "t", 't'}, "DBMS_ASSERT.ENQUOTE_NAME": {1, 2, "tx", 't'}, "DBMS_ASSERT.SIMPLE_SQL_NAME": {1, 1, "t", 't'},
	"DBMS_ASSERT.NOOP": {1, 1, "t", 't'}, "DBMS_ASSERT.SQL_OBJECT_NAME": {1, 1, "t", 't'}, "DBMS_ASSERT.QUALIFIED_SQL_NAME": {1, 1, "t", 't'},
	"DBMS_UTILITY.COMMA_TO_TABLE": {3, 3, "txx", '-'}, "DBMS_UTILITY.TABLE_TO_COMMA": {3, 3, "x", '-'},
	"DBMS_UTILITY.FORMAT_ERROR_STACK": {0, 0, "", 't'}, "DBMS_UTILITY.FORMAT_ERROR_BACKTRACE": {0, 0, "", 't'}, "DBMS_UTILITY.FORMAT_CALL_STACK": {0, 0, "", 't'},
	"DBMS_JOB.SUBMIT": {2, 7, "x", '-'}, "DBMS_SCHEDULER.CREATE_JOB": {3, 11, "x", '-'}, "DBMS_SCHEDULER.DROP_JOB": {1, 4, "x", '-'},
	"UTL_RAW.CAST_TO_RAW":      {1, 1, "t", 'r'},
	"UTL_RAW.CAST_TO_VARCHAR2": {1, 1, "b", 't'}, "UTL_RAW.CONCAT": {1, -1, "b", 'r'}, "UTL_RAW.LENGTH": {1, 1, "b", 'n'}, "UTL_RAW.SUBSTR": {2, 3, "bn", 'r'},
	"UTL_RAW.BIT_AND": {2, 2, "b", 'r'}, "UTL_RAW.BIT_OR": {2, 2, "b", 'r'}, "UTL_RAW.BIT_XOR": {2, 2, "b", 'r'}, "UTL_RAW.BIT_COMPLEMENT": {1, 1, "b", 'r'},
	"UTL_RAW.REVERSE": {1, 1, "b", 'r'}, "UTL_RAW.COPIES": {2, 2, "bn", 'r'}, "UTL_RAW.COMPARE": {2, 2, "b", 'n'}, "UTL_RAW.CAST_TO_BINARY_INTEGER": {1, 2, "bn", 'n'},
	"UTL_RAW.CAST_FROM_BINARY_INTEGER": {1, 2, "n", 'r'}, "DBMS_XMLGEN.CONVERT": {1, 2, "tn", 't'}, "HTF.ESCAPE_SC": {1, 1, "t", 't'}, "ASCIISTR": {1, 1, "t", 't'},
	"COMPOSE": {1, 1, "t", 't'}, "DECOMPOSE": {1, 2, "t", 't'}, "UTL_MATCH.EDIT_DISTANCE": {2, 2, "t", 'n'},
	"UTL_I18N.STRING_TO_RAW": {1, 2, "t", 'r'}, "UTL_I18N.RAW_TO_CHAR": {1, 2, "bt", 't'}, "UTL_LMS.FORMAT_MESSAGE": {2, -1, "t", 't'},
	"UTL_URL.ESCAPE": {1, 3, "txt", 't'}, "UTL_URL.UNESCAPE": {1, 2, "t", 't'},
	"UTL_ENCODE.BASE64_ENCODE": {1, 1, "b", 'r'}, "UTL_ENCODE.BASE64_DECODE": {1, 1, "b", 'r'},
	"UTL_RAW.CONVERT": {3, 3, "bt", 'r'}, "UTL_RAW.OVERLAY": {2, 5, "bbnnb", 'r'}, "LENGTH2": {1, 1, "t", 'n'},
	"DBMS_LOB.CONVERTTOBLOB": {8, 8, "xxnxxnxx", '-'}, "DBMS_LOB.CONVERTTOCLOB": {8, 8, "xxnxxnxx", '-'},
	"UTL_COMPRESS.LZ_COMPRESS": {1, 2, "bn", '0'}, "UTL_COMPRESS.LZ_UNCOMPRESS": {1, 1, "b", '0'}, "DBMS_SESSION.CLEAR_ALL_CONTEXT": {1, 1, "t", '-'},
	"DBMS_SESSION.SET_NLS": {2, 2, "t", '-'}, "TO_BOOLEAN": {1, 1, "x", '?'}, "UTL_MATCH.EDIT_DISTANCE_SIMILARITY": {2, 2, "t", 'n'},
}

// refusedPackages are supplied packages without a counterpart; their routines are refused by name.
var refusedPackages = []string{"DBMS_", "UTL_", "APEX_", "HTP.", "HTF.", "OWA_", "CTX_", "SDO_", "XMLDOM.", "XMLPARSER."}

// builtin makes a built-in function or aggregate of a call whose arguments are not resolved yet; name is in upper case, without SYS.STANDARD.
// It returns nil if no built-in function (or value, such as SYSDATE) has that name.
func (r *Resolver) builtin(sc *scope, inv *ir.Invoke, name string) ir.Expr {
	if isAggregate(name) {
		return r.aggregate(sc, &ir.Aggregate{ExprMeta: inv.ExprMeta, Name: name, Args: inv.Args})
	}
	if f, ok := functions[name]; ok {
		return r.function(sc, inv, name, f)
	}
	if x := r.constant(inv, name); x != nil {
		return x
	}
	if x := r.textConstant(sc, inv, name); x != nil {
		return x
	}
	encodes(inv, name)
	if f, ok := suppliedRoutines[name]; ok {
		return r.suppliedCall(sc, inv, name, f)
	}
	if upkeep(inv, name) {
		return supplied(inv, "UPKEEP."+name, nil, types.Null{})
	}
	if x := r.ownRule(sc, inv, name); x != nil {
		return x
	}
	if name == "JSON" && len(inv.Args) == 1 {
		return r.cast(r.toText(r.value(sc, inv.Args[0])), types.JSON{})
	}
	if x := r.cardinality(sc, inv, name); x != nil {
		return x
	}
	if x := r.callStack(sc, inv, name); x != nil {
		return x
	}
	if x := charset(inv, name); x != nil {
		return x
	}
	if refusedFunction(name) {
		r.fail(unknownFunction, inv.Span, "the function %s is not converted", name)
		return r.unknownCall(inv, name)
	}
	return nil
}

// cardinality is CARDINALITY or SET of a nested table, nil for everything else.
func (r *Resolver) cardinality(sc *scope, inv *ir.Invoke, name string) ir.Expr {
	if name != "CARDINALITY" && name != "SET" || len(inv.Args) != 1 {
		return nil
	}
	x := r.value(sc, inv.Args[0])
	inv.Args[0] = x
	t, ok := x.TypeOf().(types.Collection)
	if !ok {
		return nil
	}
	c := &ir.CollectionCall{X: x, Method: name}
	c.Meta, c.Type = inv.Meta, types.Decimal{}
	if name == "SET" {
		c.Type = t
	}
	return c
}

func refusedFunction(name string) bool {
	if notConvertedNames[name] {
		return true
	}
	for _, p := range refusedPackages {
		if strings.HasPrefix(name, p) && strings.Contains(name, ".") {
			return true
		}
	}
	return false
}

// notConvertedNames are built-in functions that are refused by name.
var notConvertedNames = words(`BFILENAME CARDINALITY CLUSTER_DETAILS CLUSTER_DISTANCE CLUSTER_ID CLUSTER_PROBABILITY CLUSTER_SET COLLATION CON_DBID_TO_ID CON_GUID_TO_ID
CON_NAME_TO_ID CON_UID_TO_ID CONVERT CUBE_TABLE CV DATAOBJ_TO_PARTITION DATAOBJ_TO_MAT_PARTITION DBTIMEZONE DEPTH DEREF DUMP FEATURE_COMPARE FEATURE_DETAILS
FEATURE_ID FEATURE_SET FEATURE_VALUE ITERATION_NUMBER MAKE_REF NCHR NLS_CHARSET_DECL_LEN NLS_CHARSET_ID NLS_CHARSET_NAME NLS_COLLATION_ID NLS_COLLATION_NAME
NLSSORT ORA_DST_AFFECTED ORA_DST_CONVERT ORA_DST_ERROR ORA_HASH ORA_INVOKING_USER ORA_INVOKING_USERID ORA_DM_PARTITION_NAME PATH POWERMULTISET POWERMULTISET_BY_CARDINALITY
PREDICTION PREDICTION_BOUNDS PREDICTION_COST PREDICTION_DETAILS PREDICTION_PROBABILITY PREDICTION_SET PRESENTNNV PRESENTV PREVIOUS RATIO_TO_COMPARE RAWTONHEX REF REFTOHEX ROWIDTOCHAR
ROWIDTONCHAR CHARTOROWID SCN_TO_TIMESTAMP SET SYS_CONNECT_BY_PATH_ SYS_DBURIGEN SYS_OP_ZONE_ID SYS_TYPEID SYS_XMLAGG SYS_XMLGEN TIMESTAMP_TO_SCN TO_BLOB_FILE TO_MULTI_BYTE TO_SINGLE_BYTE
TRANSLATE_USING TZ_ID UPDATEXML VSIZE XMLCAST_ XMLDIFF XMLISVALID XMLPATCH XMLTRANSFORM VECTOR VECTOR_DISTANCE TO_VECTOR SCORE CONTAINS UTL_MATCH UID`)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

func (r *Resolver) unknownCall(inv *ir.Invoke, name string) ir.Expr {
	c := &ir.Call{Name: name, Args: inv.Args}
	c.Meta, c.Type = inv.Meta, unknown("the function "+name+" is not converted")
	return c
}

// count checks the number of arguments.
func (r *Resolver) count(inv *ir.Invoke, name string, low, high int) bool {
	if n := len(inv.Args); n >= low && (n <= high || high < 0) {
		return true
	}
	r.fail(wrongCount, inv.Span, "%s with %d arguments", name, len(inv.Args))
	return false
}

// plainArgs takes the names off the arguments of a supplied routine where they are written; the names of built-in parameters are not known.
func (r *Resolver) plainArgs(inv *ir.Invoke, name string) bool {
	for _, a := range inv.Args {
		if n, ok := a.(*ir.NamedArg); ok {
			r.fail(wrongCount, n.Span, "%s with the named argument %s", name, n.Name.Text)
			return false
		}
	}
	return true
}

// call makes a call of an operation in the place of an Invoke.
func call(inv ir.Expr, o op.Op, name string, t types.Type, args ...ir.Expr) *ir.Call {
	c := &ir.Call{Op: o, Name: name, Args: args}
	c.Meta, c.Type = *inv.Base(), t
	return c
}

func (r *Resolver) function(sc *scope, inv *ir.Invoke, name string, f function) ir.Expr {
	namedBuiltin(inv, name)
	if !r.count(inv, name, f.min, f.max) || !r.plainArgs(inv, name) {
		return r.unknownCall(inv, name)
	}
	r.convertArgs(sc, inv.Args, f.args)
	r.rawArgs(inv.Args, name, f.args)
	c := call(inv, f.op, name, nil, inv.Args...)
	c.Type = r.result(c, f.result)
	r.sessionModel(c)
	if inv.OnError != nil {
		return r.onError(sc, inv, c)
	}
	return r.spread(c, c.Args...)
}

// sessionModel gives TO_DATE and its likes without a format model that of the session.
func (r *Resolver) sessionModel(c *ir.Call) {
	switch c.Op {
	case op.OraToDate, op.OraToTimestamp, op.OraToTimestampTZ:
	default:
		return
	}
	if len(c.Args) > 1 {
		return
	}
	model, given := r.mask(c.Type)
	s := &ir.String{Value: model}
	s.Span, s.Type = c.Span, varchar(len(model))
	c.Args = append(c.Args, s)
	if !given {
		r.note(byFormat, c.Span, "%s is converted by the format %s", text(c), model)
	}
}

// convertArgs resolves and converts arguments by their classes.
func (r *Resolver) convertArgs(sc *scope, args []ir.Expr, classes string) {
	for i, a := range args {
		a = r.value(sc, a)
		switch classes[min(i, len(classes)-1)] {
		case 't':
			if _, raw := a.TypeOf().(types.Binary); !raw {
				a = r.toText(a)
			} else if i > 0 || !takesBytes(classes) {
				a = r.toText(a)
			}
		case 'n':
			a = r.numeric(a)
		case 'd':
			a = r.toDate(a)
		case 'm':
			a = r.toMoment(a)
		case 'b':
			if _, raw := a.TypeOf().(types.Binary); !raw {
				a = r.toText(a)
			}
		}
		args[i] = a
	}
}

// takesBytes tells functions of texts that take bytes as well (SUBSTR, INSTR, LENGTH of a RAW or BLOB stay so).
func takesBytes(string) bool { return true }

func (r *Resolver) result(c *ir.Call, kind byte) types.Type {
	switch kind {
	case 't':
		return varchar(0)
	case 'T':
		switch t := c.Args[0].TypeOf().(type) {
		case types.Text:
			if c.Op != op.OraUpper && c.Op != op.OraLower && c.Op != op.OraInitCap {
				t.Fixed = false
			}
			t.Unit = types.Chars
			return t
		case types.Binary:
			return t
		}
		return varchar(0)
	case 'n':
		return number
	case 'N':
		if len(c.Args) == 2 {
			return arithmeticType(c.Args[0], c.Args[1])
		}
		return arithmeticType(c.Args[0], c.Args[0])
	case 'd':
		return types.DateTime{}
	case 's':
		return types.DateTime{Precision: 9}
	case 'z':
		return types.Timestamp{Precision: 9}
	case 'I':
		return computedInterval(false)
	case 'Y':
		return computedInterval(true)
	case 'r':
		return types.Binary{N: 2000}
	case '0':
		return c.Args[0].TypeOf()
	case '?':
		return types.Bool{}
	case '-':
		return types.Null{}
	}
	return unknown("the result of " + c.Name + " is not known")
}

func (r *Resolver) suppliedCall(sc *scope, inv *ir.Invoke, name string, f suppliedRoutine) ir.Expr {
	placed(inv, name)
	if !r.count(inv, name, f.min, f.max) || !r.plainArgs(inv, name) {
		return r.unknownCall(inv, name)
	}
	if f.args != "" {
		r.convertArgs(sc, inv.Args, f.args)
		r.rawArgs(inv.Args, name, f.args)
		r.bytesOf(inv.Args, name, f.args)
	}
	c := supplied(inv, name, inv.Args, nil)
	c.Type = r.result(c, f.result)
	if _, bytes := c.Type.(types.Binary); bytes && name == "DBMS_LOB.SUBSTR" {
		c.Type = types.Binary{MaxBytes: 32767} // a RAW of a BLOB
	}
	if !r.takesMessage(c) {
		return r.unknownCall(inv, name)
	}
	return r.spread(c, c.Args...)
}

// bytesOf reads texts that are passed for RAW as hexadecimal digits: 'FF' is one byte. The buffer of a change to a BLOB is a RAW as well.
func (r *Resolver) bytesOf(args []ir.Expr, name, classes string) {
	read := func(i int) {
		if types.IsText(args[i].TypeOf()) && !isNullType(args[i].TypeOf()) {
			args[i] = r.cast(args[i], types.Binary{})
		}
	}
	for i := range args {
		if classes[min(i, len(classes)-1)] == 'b' {
			read(i)
		}
	}
	if n := len(args); name == "DBMS_LOB.WRITE" || name == "DBMS_LOB.WRITEAPPEND" {
		if _, blob := args[0].TypeOf().(types.Binary); blob {
			read(n - 1)
		}
	}
}

// onError is DEFAULT value ON CONVERSION ERROR of TO_NUMBER, TO_DATE and the like: the value where the text does not convert.
func (r *Resolver) onError(sc *scope, inv *ir.Invoke, c *ir.Call) ir.Expr {
	switch c.Op {
	case op.OraToNumber, op.OraToDate, op.OraToTimestamp, op.OraToTimestampTZ:
	default:
		r.fail(unknownOperator, inv.Span, "%s: DEFAULT ... ON CONVERSION ERROR", text(inv))
		return c
	}
	other := r.value(sc, inv.OnError)
	if types.IsText(other.TypeOf()) { // read by the same format
		d := call(other, c.Op, c.Name, c.Type, append([]ir.Expr{other}, cloneArgs(c.Args[1:])...)...)
		other = d
	} else {
		other = r.store(other, c.Type)
	}
	x := &ir.Cast{X: c.Args[0], To: c.Type}
	x.Span, x.Type = c.Span, c.Type
	valid := call(inv, op.OraIsValid, "VALIDATE_CONVERSION", number, append([]ir.Expr{x}, cloneArgs(c.Args[1:])...)...)
	one := &ir.Number{Text: "1"}
	one.Type = types.Decimal{Precision: 1}
	cond := &ir.Compare{Op: ir.Eq, L: valid, R: one}
	cond.Type, cond.Span = types.Bool{}, inv.Span
	w := &ir.When{Cond: cond, Then: cloneArg(c)}
	out := &ir.Case{Whens: []*ir.When{w}, Else: other}
	out.Meta, out.Type = inv.Meta, c.Type
	return out
}

func cloneArg(c *ir.Call) ir.Expr { return ir.Clone(ir.Expr(c)) }

func cloneArgs(list []ir.Expr) []ir.Expr {
	out := make([]ir.Expr, len(list))
	for i, x := range list {
		out[i] = ir.Clone(x)
	}
	return out
}
