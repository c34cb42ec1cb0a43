package mysql

import (
	"strings"

	"godwit/ir/op"
)

// function is what a name of a built-in function stands for. byArgs overrides o for a number of arguments.
type function struct {
	o      op.Op
	byArgs map[int]op.Op
}

// LookupFunction finds the operation of a built-in function (or aggregate, or window function) by its name, in any case.
// ok is false when the name is no built-in function with so many arguments: then it is a stored function.
//
// The builder makes nodes of its own, and does not ask here, for
//
//   - CONCAT (Concat, NullPropagates) and || under PIPES_AS_CONCAT;
//   - NOW, CURRENT_TIMESTAMP, LOCALTIME, LOCALTIMESTAMP (Now, DateTime, AtStatement), SYSDATE (AtCall), CURDATE, CURRENT_DATE
//     (Date), CURTIME, CURRENT_TIME (Time), UTC_DATE, UTC_TIME, UTC_TIMESTAMP (Zone UTC);
//   - DATE_ADD, DATE_SUB, ADDDATE, SUBDATE (both forms; a plain number is days), TIMESTAMPADD, and x ± INTERVAL n unit (DateAdd);
//   - CAST, CONVERT(x, type), CONVERT(x USING charset), BINARY x (Cast); MOD (Mod); IF (searched Case); ISNULL (IsNull);
//   - DATE '...', TIME '...', TIMESTAMP '...' (Temporal); DEFAULT(c) (Default); VALUES(c), VALUE(c) (Inserted);
//   - NEXTVAL, LASTVAL, NEXT VALUE FOR, PREVIOUS VALUE FOR, SETVAL (NextValue where it is one); MATCH ... AGAINST (Match);
//   - x MEMBER OF (y), x -> p, x ->> p: Calls of op.JSONMemberOf, op.JSONExtract, op.JSONExtractText.
//
// POSITION(a IN b) is LOCATE(a, b); EXTRACT(unit FROM x) and TIMESTAMPDIFF(unit, a, b) put the unit into Call.Unit;
// TRIM(LEADING x FROM y) is op.Trim of y, x with Word "leading"; GET_FORMAT(DATE, x) has Word "date";
// CHAR(n USING charset) has the charset as Word; SUBSTRING(x FROM a FOR b) is SUBSTRING(x, a, b);
// WEIGHT_STRING(x AS ...) is op.WeightString with the rest as Word.
// Aggregates and window functions (op.Lookup(o).Kind) become Aggregate nodes; an aggregate name with OVER is a window function.
func LookupFunction(name string, nargs int) (op.Op, bool) {
	upper := strings.ToUpper(name)
	f, ok := functions[upper]
	if !ok {
		if isSpatial(upper) {
			return op.Spatial(upper), true
		}
		return "", false
	}
	o := f.o
	if v, ok := f.byArgs[nargs]; ok {
		o = v
	}
	return o, true
}

// lookupFunction is LookupFunction of a name in upper case whose entry is known.
func lookupFunction(f *function, upper string, nargs int) (op.Op, bool) {
	if f == nil {
		if isSpatial(upper) {
			return op.Spatial(upper), true
		}
		return "", false
	}
	if v, ok := f.byArgs[nargs]; ok {
		return v, true
	}
	return f.o, true
}

// AcceptsArguments tells whether the operation takes so many arguments; the message for a wrong count is the caller's.
func AcceptsArguments(o op.Op, nargs int) bool {
	i := op.Lookup(o)
	return i != nil && nargs >= i.Min && (i.Max < 0 || nargs <= i.Max)
}

var spatialNames = map[string]bool{
	"GEOMETRYCOLLECTION": true, "LINESTRING": true, "MULTILINESTRING": true, "MULTIPOINT": true, "MULTIPOLYGON": true,
	"POINT": true, "POLYGON": true, "GEOMCOLLECTION": true,
	"ASBINARY": true, "ASTEXT": true, "ASWKB": true, "ASWKT": true, "AREA": true, "CENTROID": true, "DIMENSION": true,
	"DISJOINT": true, "ENDPOINT": true, "ENVELOPE": true, "EXTERIORRING": true, "GLENGTH": true, "GEOMETRYN": true,
	"GEOMETRYTYPE": true, "INTERIORRINGN": true, "INTERSECTS": true, "ISCLOSED": true, "ISEMPTY": true, "ISSIMPLE": true,
	"NUMGEOMETRIES": true, "NUMINTERIORRINGS": true, "NUMPOINTS": true, "POINTN": true, "SRID": true, "STARTPOINT": true,
	"TOUCHES": true, "WITHIN": true, "X": true, "Y": true, "GEOMFROMTEXT": true, "GEOMETRYFROMTEXT": true, "GEOMFROMWKB": true,
	"POINTFROMTEXT": true, "LINEFROMTEXT": true, "POLYFROMTEXT": true, "POLYGONFROMTEXT": true, "LINESTRINGFROMTEXT": true,
}

func isSpatial(upper string) bool {
	return strings.HasPrefix(upper, "ST_") || strings.HasPrefix(upper, "MBR") || spatialNames[upper]
}

func only(o op.Op) function { return function{o: o} }

var functions = makeFunctions()

func makeFunctions() map[string]function {
	m := map[string]function{
		"ATAN": {o: op.ATan, byArgs: map[int]op.Op{2: op.ATan2}},
		"LOG":  {o: op.Log, byArgs: map[int]op.Op{1: op.Ln}},
	}
	for _, group := range []map[string]op.Op{textNames(), numberNames(), timeNames(), flowNames(), jsonNames(), codeNames(), infoNames(), aggregateNames(), windowNames()} {
		for n, o := range group {
			m[n] = only(o)
		}
	}
	return m
}

func textNames() map[string]op.Op {
	return map[string]op.Op{
		"ASCII": op.ASCII, "BIT_LENGTH": op.BitLength, "CHAR": op.Char, "CHR": op.Char, "CHAR_LENGTH": op.CharLength, "CHARACTER_LENGTH": op.CharLength,
		"CONCAT_WS": op.ConcatWS, "ELT": op.Elt, "EXPORT_SET": op.ExportSet, "FIELD": op.Field, "FIND_IN_SET": op.FindInSet,
		"FORMAT": op.FormatNumber, "INSERT": op.TextInsert, "INSTR": op.Instr, "LEFT": op.Left, "LENGTH": op.OctetLength,
		"OCTET_LENGTH": op.OctetLength, "LENGTHB": op.OctetLength, "LOCATE": op.Locate, "POSITION": op.Locate, "LOWER": op.Lower, "LCASE": op.Lower,
		"LPAD": op.LPad, "LTRIM": op.LTrim, "MAKE_SET": op.MakeSet, "ORD": op.Ord, "QUOTE": op.Quote, "REPEAT": op.Repeat,
		"REPLACE": op.Replace, "REVERSE": op.Reverse, "RIGHT": op.Right, "RPAD": op.RPad, "RTRIM": op.RTrim, "SOUNDEX": op.Soundex,
		"SPACE": op.Space, "STRCMP": op.Strcmp, "SUBSTRING": op.Substring, "SUBSTR": op.Substring, "MID": op.Substring,
		"SUBSTRING_INDEX": op.SubstringIndex, "TRIM": op.Trim, "UPPER": op.Upper, "UCASE": op.Upper, "WEIGHT_STRING": op.WeightString,
		"LOAD_FILE": op.LoadFile, "REGEXP_INSTR": op.RegexpInstr, "REGEXP_LIKE": op.RegexpLike, "REGEXP_REPLACE": op.RegexpReplace,
		"REGEXP_SUBSTR": op.RegexpSubstr, "NATURAL_SORT_KEY": op.NaturalSortKey, "SFORMAT": op.SFormat, "TO_CHAR": op.ToChar,
		"EXTRACTVALUE": op.ExtractValue, "UPDATEXML": op.UpdateXML,
	}
}

func numberNames() map[string]op.Op {
	return map[string]op.Op{
		"ABS": op.Abs, "ACOS": op.ACos, "ASIN": op.ASin, "ATAN2": op.ATan2, "BIN": op.Bin, "BIT_COUNT": op.BitCount, "CEIL": op.Ceil,
		"CEILING": op.Ceil, "CONV": op.Conv, "COS": op.Cos, "COT": op.Cot, "CRC32": op.CRC32, "DEGREES": op.Degrees, "EXP": op.Exp,
		"FLOOR": op.Floor, "HEX": op.Hex, "LN": op.Ln, "LOG10": op.Log10, "LOG2": op.Log2, "OCT": op.Oct, "PI": op.Pi, "POW": op.Pow,
		"POWER": op.Pow, "RADIANS": op.Radians, "RAND": op.Rand, "ROUND": op.Round, "SIGN": op.Sign, "SIN": op.Sin, "SQRT": op.Sqrt,
		"TAN": op.Tan, "TRUNCATE": op.Truncate,
	}
}

func timeNames() map[string]op.Op {
	return map[string]op.Op{
		"DATE": op.DateOf, "TIME": op.TimeOf, "TIMESTAMP": op.TimestampOf, "YEAR": op.Year, "QUARTER": op.Quarter, "MONTH": op.Month,
		"DAY": op.DayOfMonth, "DAYOFMONTH": op.DayOfMonth, "HOUR": op.Hour, "MINUTE": op.Minute, "SECOND": op.Second,
		"MICROSECOND": op.Microsecond, "DAYOFWEEK": op.DayOfWeek, "DAYOFYEAR": op.DayOfYear, "WEEKDAY": op.Weekday, "WEEK": op.Week,
		"WEEKOFYEAR": op.WeekOfYear, "YEARWEEK": op.YearWeek, "DAYNAME": op.DayName, "MONTHNAME": op.MonthName, "LAST_DAY": op.LastDay,
		"MAKEDATE": op.MakeDate, "MAKETIME": op.MakeTime, "PERIOD_ADD": op.PeriodAdd, "PERIOD_DIFF": op.PeriodDiff,
		"SEC_TO_TIME": op.SecToTime, "TIME_TO_SEC": op.TimeToSec, "STR_TO_DATE": op.StrToDate, "DATE_FORMAT": op.DateFormat,
		"TIME_FORMAT": op.TimeFormat, "GET_FORMAT": op.GetFormat, "TIMEDIFF": op.TimeDiff, "DATEDIFF": op.DateDiff,
		"TIMESTAMPDIFF": op.TimestampDiff, "TO_DAYS": op.ToDays, "FROM_DAYS": op.FromDays, "TO_SECONDS": op.ToSeconds,
		"UNIX_TIMESTAMP": op.UnixTimestamp, "FROM_UNIXTIME": op.FromUnixTime, "CONVERT_TZ": op.ConvertTZ, "ADDTIME": op.AddTime,
		"SUBTIME": op.SubTime, "EXTRACT": op.Extract, "ADD_MONTHS": op.AddMonths, "MONTHS_BETWEEN": op.MonthsBetween,
	}
}

func flowNames() map[string]op.Op {
	return map[string]op.Op{
		"COALESCE": op.Coalesce, "IFNULL": op.IfNull, "NVL": op.IfNull, "NULLIF": op.NullIf, "NVL2": op.NVL2, "GREATEST": op.Greatest,
		"LEAST": op.Least, "INTERVAL": op.Bucket,
	}
}

func jsonNames() map[string]op.Op {
	return map[string]op.Op{
		"JSON_ARRAY": op.JSONArray, "JSON_OBJECT": op.JSONObject, "JSON_QUOTE": op.JSONQuote, "JSON_UNQUOTE": op.JSONUnquote,
		"JSON_CONTAINS": op.JSONContains, "JSON_CONTAINS_PATH": op.JSONContainsPath, "JSON_EXTRACT": op.JSONExtract, "JSON_KEYS": op.JSONKeys,
		"JSON_OVERLAPS": op.JSONOverlaps, "JSON_SEARCH": op.JSONSearch, "JSON_VALUE": op.JSONValue, "JSON_QUERY": op.JSONQuery,
		"JSON_EXISTS": op.JSONExists, "JSON_ARRAY_APPEND": op.JSONArrayAppend, "JSON_APPEND": op.JSONArrayAppend,
		"JSON_ARRAY_INSERT": op.JSONArrayInsert, "JSON_INSERT": op.JSONInsert, "JSON_REPLACE": op.JSONReplace, "JSON_SET": op.JSONSet,
		"JSON_REMOVE": op.JSONRemove, "JSON_MERGE_PATCH": op.JSONMergePatch, "JSON_MERGE_PRESERVE": op.JSONMerge, "JSON_MERGE": op.JSONMerge,
		"JSON_DEPTH": op.JSONDepth, "JSON_LENGTH": op.JSONLength, "JSON_TYPE": op.JSONType, "JSON_VALID": op.JSONValid,
		"JSON_PRETTY": op.JSONPretty, "JSON_DETAILED": op.JSONPretty, "JSON_COMPACT": op.JSONCompact, "JSON_LOOSE": op.JSONLoose,
		"JSON_NORMALIZE": op.JSONNormalize, "JSON_EQUALS": op.JSONEquals, "JSON_SCHEMA_VALID": op.JSONSchemaValid,
		"JSON_STORAGE_SIZE": op.JSONStorageSize, "JSON_STORAGE_FREE": op.JSONStorageFree,
	}
}

func codeNames() map[string]op.Op {
	return map[string]op.Op{
		"MD5": op.MD5, "SHA": op.SHA1, "SHA1": op.SHA1, "SHA2": op.SHA2, "UNHEX": op.Unhex, "TO_BASE64": op.ToBase64,
		"FROM_BASE64": op.FromBase64, "AES_ENCRYPT": op.AESEncrypt, "AES_DECRYPT": op.AESDecrypt, "COMPRESS": op.Compress,
		"UNCOMPRESS": op.Uncompress, "UNCOMPRESSED_LENGTH": op.UncompressedLength, "RANDOM_BYTES": op.RandomBytes, "PASSWORD": op.Password,
		"OLD_PASSWORD": op.OldEncrypt, "ENCRYPT": op.OldEncrypt, "ENCODE": op.OldEncrypt, "DECODE": op.OldEncrypt,
		"DES_ENCRYPT": op.OldEncrypt, "DES_DECRYPT": op.OldEncrypt, "STATEMENT_DIGEST": op.StatementDigest,
		"STATEMENT_DIGEST_TEXT": op.StatementDigest, "UUID": op.UUID, "UUID_SHORT": op.UUIDShort, "UUID_TO_BIN": op.UUIDToBin,
		"BIN_TO_UUID": op.BinToUUID, "IS_UUID": op.IsUUID, "SYS_GUID": op.SysGUID, "INET_ATON": op.InetATON, "INET_NTOA": op.InetNTOA,
		"INET6_ATON": op.Inet6ATON, "INET6_NTOA": op.Inet6NTOA, "IS_IPV4": op.IsIPv4, "IS_IPV6": op.IsIPv6,
		"IS_IPV4_COMPAT": op.IsIPv4Compat, "IS_IPV4_MAPPED": op.IsIPv4Mapped,
	}
}

func infoNames() map[string]op.Op {
	return map[string]op.Op{
		"DATABASE": op.CurrentSchema, "SCHEMA": op.CurrentSchema, "USER": op.SessionUser, "SESSION_USER": op.SessionUser,
		"SYSTEM_USER": op.SessionUser, "CURRENT_USER": op.CurrentUser, "CURRENT_ROLE": op.CurrentRole, "VERSION": op.Version,
		"CONNECTION_ID": op.ConnectionID, "LAST_INSERT_ID": op.LastInsertID, "ROW_COUNT": op.RowCount, "FOUND_ROWS": op.FoundRows,
		"CHARSET": op.CharsetOf, "COLLATION": op.CollationOf, "COERCIBILITY": op.Coercibility, "BENCHMARK": op.Benchmark, "SLEEP": op.Sleep,
		"GET_LOCK": op.GetLock, "RELEASE_LOCK": op.ReleaseLock, "RELEASE_ALL_LOCKS": op.ReleaseLocks, "IS_FREE_LOCK": op.IsFreeLock,
		"IS_USED_LOCK": op.IsUsedLock, "NAME_CONST": op.NameConst, "ROWNUM": op.RowNumber0,
		"MASTER_POS_WAIT": op.Replication, "SOURCE_POS_WAIT": op.Replication, "MASTER_GTID_WAIT": op.Replication,
		"GTID_SUBSET": op.Replication, "GTID_SUBTRACT": op.Replication, "WAIT_FOR_EXECUTED_GTID_SET": op.Replication,
	}
}

func aggregateNames() map[string]op.Op {
	return map[string]op.Op{
		"COUNT": op.Count, "SUM": op.Sum, "AVG": op.Avg, "MIN": op.Min, "MAX": op.Max, "GROUP_CONCAT": op.GroupConcat,
		"BIT_AND": op.BitAndAgg, "BIT_OR": op.BitOrAgg, "BIT_XOR": op.BitXorAgg, "STD": op.StdDevPop, "STDDEV": op.StdDevPop,
		"STDDEV_POP": op.StdDevPop, "STDDEV_SAMP": op.StdDevSamp, "VARIANCE": op.VarPop, "VAR_POP": op.VarPop, "VAR_SAMP": op.VarSamp,
		"JSON_ARRAYAGG": op.JSONArrayAgg, "JSON_OBJECTAGG": op.JSONObjectAgg, "ANY_VALUE": op.AnyValue, "GROUPING": op.Grouping,
	}
}

func windowNames() map[string]op.Op {
	return map[string]op.Op{
		"ROW_NUMBER": op.RowNumber, "RANK": op.Rank, "DENSE_RANK": op.DenseRank, "PERCENT_RANK": op.PercentRank, "CUME_DIST": op.CumeDist,
		"NTILE": op.NTile, "LAG": op.Lag, "LEAD": op.Lead, "FIRST_VALUE": op.FirstValue, "LAST_VALUE": op.LastValue, "NTH_VALUE": op.NthValue,
		"MEDIAN": op.Median, "PERCENTILE_CONT": op.PercentileCont, "PERCENTILE_DISC": op.PercentileDisc,
	}
}

// FunctionNames lists the names that LookupFunction knows, spatial functions aside.
func FunctionNames() []string {
	out := make([]string, 0, len(functions))
	for n := range functions {
		out = append(out, n)
	}
	return out
}
