package mysql

import "godwit/parser/scan"

// Kinds of tokens. Those from kAdd on are keywords; several words that only mean something together are one token (context.go).
const (
	kEOF = scan.EOF

	kIdent scan.Kind = iota
	kQIdent
	kString
	kNumber
	kHex
	kBit
	kIntroducer // _utf8mb4
	kTemporal   // DATE, TIME or TIMESTAMP before a string
	kUserVar
	kSysVar
	kParam
	kLabel     // a name with a colon; the token is the name
	kCommand   // a word that begins a statement of administration or transactions
	kSetSoup   // SET of something with a syntax of its own
	kScope     // GLOBAL, SESSION, LOCAL
	kSelectOpt // SQL_CALC_FOUND_ROWS and its likes
	kPriority  // HIGH_PRIORITY, LOW_PRIORITY, DELAYED, QUICK, HISTORY
	kOption    // a word that takes a value as an option of columns, keys and statements
	kOnDuplicate
	kNotEnforced
	kPeriodFor
	kCharset
	kWithRollup
	kForSystemTime
	kForPortionOf
	kNextValueFor
	kPreviousValueFor
	kSQLSecurity
	kTypeOf
	kRowTypeOf
	kTypeWord   // PRECISION, VARYING, INTEGER behind another word of a type
	kTypePrefix // NATIONAL, LONG
	kSystemVersioning
	kNullsTreatment
	kGetDiagnostics
	kEventBound // STARTS, ENDS
	kOnSchedule
	kOnCompletion
	kMatchMode
	kWithinGroup
	kValuesRow
	kReverse
	kSoundsLike
	kMemberOf
	kEscape
	kDataDirectory

	kLP
	kRP
	kComma
	kDot
	kSemi
	kStar
	kPlus
	kMinus
	kSlash
	kPercent
	kEq
	kNE
	kLT
	kGT
	kLE
	kGE
	kNSEq
	kAmp
	kPipe
	kCaret
	kTilde
	kBang
	kAndAnd
	kOrOr
	kConcat // || under PIPES_AS_CONCAT
	kShl
	kShr
	kAssign
	kArrow
	kArrow2
	kLBrace
	kRBrace
	kColon
	kDotDot
	kBad // what begins no token, or does not end

	kAdd
	kAfter
	kAll
	kAlter
	kAnd
	kAny
	kAs
	kAsc
	kBefore
	kBegin
	kBetween
	kBinary
	kBoth
	kBy
	kCall
	kCascade
	kCase
	kChange
	kCheck
	kClose
	kCollate
	kColumn
	kColumns
	kComment
	kCondition
	kConstraint
	kContinue
	kConvert
	kCreate
	kCross
	kCursor
	kDatabase
	kDeclare
	kDefault
	kDefiner
	kDelete
	kDesc
	kDistinct
	kDiv
	kDo
	kDrop
	kElse
	kElseIf
	kEnd
	kEvent
	kExcept
	kExecute
	kExists
	kExit
	kFalse
	kFetch
	kFor
	kForce
	kForeign
	kFrom
	kFulltext
	kFunction
	kGenerated
	kGroup
	kHandler
	kHaving
	kIf
	kIgnore
	kIn
	kIndex
	kInner
	kInOut
	kInsert
	kIntersect
	kInterval
	kInto
	kIs
	kIterate
	kJoin
	kJSONTable
	kKey
	kKeys
	kLateral
	kLeading
	kLeave
	kLeft
	kLike
	kLimit
	kLock
	kLoop
	kMatch
	kMod
	kModify
	kNatural
	kNot
	kNull
	kOf
	kOffset
	kOn
	kOpen
	kOr
	kOrder
	kOut
	kOuter
	kOutFile
	kOver
	kPartition
	kPrepare
	kPrimary
	kProcedure
	kRange
	kRecursive
	kReferences
	kRegexp
	kRename
	kRepeat
	kReplace
	kResignal
	kRestrict
	kReturn
	kReturning
	kReturns
	kRight
	kRow
	kRows
	kSelect
	kSeparator
	kSequence
	kSet
	kSignal
	kSigned
	kSpatial
	kSQLException
	kSQLState
	kSQLWarning
	kStraightJoin
	kTable
	kTemporary
	kThen
	kTo
	kTrailing
	kTrigger
	kTrue
	kTruncate
	kUndo
	kUnion
	kUnique
	kUnsigned
	kUntil
	kUpdate
	kUse
	kUsing
	kValue
	kValues
	kView
	kWhen
	kWhere
	kWhile
	kWindow
	kWith
	kXor
	kZeroFill
)

// kindNames are what the kinds are called in messages; a keyword is its own name.
var kindNames = [...]string{
	"end of statement", "a name", "a quoted name", "a string", "a number", "a hexadecimal literal", "a bit literal", "a charset",
	"DATE, TIME or TIMESTAMP", "a user variable", "a system variable", `"?"`, "a label", "a command", "SET", "GLOBAL or SESSION", "an option of SELECT",
	"a priority", "an option", "ON DUPLICATE KEY UPDATE", "NOT ENFORCED", "PERIOD FOR", "CHARACTER SET", "WITH ROLLUP", "FOR SYSTEM TIME",
	"FOR PORTION OF", "NEXT VALUE FOR", "PREVIOUS VALUE FOR", "SQL SECURITY", "TYPE OF", "ROW TYPE OF", "a type", "a type", "SYSTEM VERSIONING",
	"IGNORE NULLS", "GET DIAGNOSTICS", "STARTS or ENDS", "ON SCHEDULE", "ON COMPLETION", "a search mode", "WITHIN GROUP", "VALUES ROW", "REVERSE",
	"SOUNDS LIKE", "MEMBER OF", "ESCAPE", "DATA DIRECTORY", `"("`, `")"`, `","`, `"."`, `";"`, `"*"`, `"+"`, `"-"`, `"/"`, `"%"`, `"="`, `"<>"`, `"<"`,
	`">"`, `"<="`, `">="`, `"<=>"`, `"&"`, `"|"`, `"^"`, `"~"`, `"!"`, `"&&"`, `"||"`, `"||"`, `"<<"`, `">>"`, `":="`, `"->"`, `"->>"`, `"{"`, `"}"`,
	`":"`, `".."`, "a character that begins no word", "ADD", "AFTER", "ALL", "ALTER", "AND", "ANY", "AS", "ASC", "BEFORE", "BEGIN", "BETWEEN", "BINARY",
	"BOTH", "BY", "CALL", "CASCADE", "CASE", "CHANGE", "CHECK", "CLOSE", "COLLATE", "COLUMN", "COLUMNS", "COMMENT", "CONDITION", "CONSTRAINT",
	"CONTINUE", "CONVERT", "CREATE", "CROSS", "CURSOR", "DATABASE", "DECLARE", "DEFAULT", "DEFINER", "DELETE", "DESC", "DISTINCT", "DIV", "DO", "DROP",
	"ELSE", "ELSEIF", "END", "EVENT", "EXCEPT", "EXECUTE", "EXISTS", "EXIT", "FALSE", "FETCH", "FOR", "FORCE", "FOREIGN", "FROM", "FULLTEXT", "FUNCTION",
	"GENERATED", "GROUP", "HANDLER", "HAVING", "IF", "IGNORE", "IN", "INDEX", "INNER", "INOUT", "INSERT", "INTERSECT", "INTERVAL", "INTO", "IS",
	"ITERATE", "JOIN", "JSON_TABLE", "KEY", "KEYS", "LATERAL", "LEADING", "LEAVE", "LEFT", "LIKE", "LIMIT", "LOCK", "LOOP", "MATCH", "MOD", "MODIFY",
	"NATURAL", "NOT", "NULL", "OF", "OFFSET", "ON", "OPEN", "OR", "ORDER", "OUT", "OUTER", "OUTFILE", "OVER", "PARTITION", "PREPARE", "PRIMARY",
	"PROCEDURE", "RANGE", "RECURSIVE", "REFERENCES", "REGEXP", "RENAME", "REPEAT", "REPLACE", "RESIGNAL", "RESTRICT", "RETURN", "RETURNING", "RETURNS",
	"RIGHT", "ROW", "ROWS", "SELECT", "SEPARATOR", "SEQUENCE", "SET", "SIGNAL", "SIGNED", "SPATIAL", "SQLEXCEPTION", "SQLSTATE", "SQLWARNING",
	"STRAIGHT_JOIN", "TABLE", "TEMPORARY", "THEN", "TO", "TRAILING", "TRIGGER", "TRUE", "TRUNCATE", "UNDO", "UNION", "UNIQUE", "UNSIGNED", "UNTIL",
	"UPDATE", "USE", "USING", "VALUE", "VALUES", "VIEW", "WHEN", "WHERE", "WHILE", "WINDOW", "WITH", "XOR", "ZEROFILL",
}

func kindName(k scan.Kind) string { return kindNames[k] }
