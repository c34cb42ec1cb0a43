package oracle

import "godwit/parser/scan"

// Kinds of tokens. Those from kAll on are keywords; all other words are names, whose text tells what they mean where it matters.
const (
	kEOF = scan.EOF

	kIdent scan.Kind = iota
	kQIdent
	kString
	kNumber
	kBind      // :name, :1
	kParam     // ?
	kInquiry   // $$name
	kDirective // $IF and its likes
	kPlusMark  // (+)

	kLP
	kRP
	kLBracket
	kRBracket
	kLBrace
	kRBrace
	kComma
	kDot
	kDotDot
	kSemi
	kStar
	kPower
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
	kBar
	kConcat
	kAssign
	kArrow // =>
	kAt
	kColon
	kLabelOpen  // <<
	kLabelClose // >>
	kBad        // what begins no token, or does not end

	kAll
	kAlter
	kAnd
	kAny
	kAs
	kAsc
	kBegin
	kBetween
	kBulk
	kBy
	kCall
	kCase
	kCheck
	kClose
	kColumn
	kComment
	kCommit
	kConnect
	kConstraint
	kContinue
	kCreate
	kCross
	kCurrent
	kCursor
	kDeclare
	kDefault
	kDelete
	kDesc
	kDistinct
	kDrop
	kElse
	kElsif
	kEnd
	kEscape
	kExcept
	kException
	kExecute
	kExists
	kExit
	kFalse
	kFetch
	kFor
	kForall
	kForeign
	kFrom
	kFull
	kFunction
	kGoto
	kGrant
	kGroup
	kHaving
	kIf
	kIn
	kIndex
	kInner
	kInsert
	kIntersect
	kInterval
	kInto
	kIs
	kJoin
	kKey
	kLeft
	kLike
	kLock
	kLoop
	kMerge
	kMinusRows // MINUS between queries
	kModel
	kMultiset
	kNatural
	kNot
	kNull
	kOf
	kOn
	kOpen
	kOption
	kOr
	kOrder
	kOut
	kOuter
	kOver
	kPackage
	kPartition
	kPipe
	kPivot
	kPragma
	kPrimary
	kPrior
	kProcedure
	kRaise
	kReferences
	kRename
	kReturn
	kReturning
	kRevoke
	kRight
	kRollback
	kRow
	kRows
	kSavepoint
	kSelect
	kSet
	kStart
	kSubtype
	kSynonym
	kTable
	kThen
	kTo
	kTrigger
	kTrue
	kTruncate
	kType
	kUnion
	kUnique
	kUnpivot
	kUpdate
	kUsing
	kValues
	kView
	kWhen
	kWhere
	kWhile
	kWith
)

// kindNames are what the kinds are called in messages; a keyword is its own name.
var kindNames = [...]string{
	"end of statement", "a name", "a quoted name", "a string", "a number", "a bind variable", `"?"`, "an inquiry directive", "a directive",
	`"(+)"`, `"("`, `")"`, `"["`, `"]"`, `"{"`, `"}"`, `","`, `"."`, `".."`, `";"`, `"*"`, `"**"`, `"+"`, `"-"`, `"/"`, `"%"`, `"="`, `"<>"`,
	`"<"`, `">"`, `"<="`, `">="`, `"|"`, `"||"`, `":="`, `"=>"`, `"@"`, `":"`, `"<<"`, `">>"`, "a character that begins no word", "ALL",
	"ALTER", "AND", "ANY", "AS", "ASC", "BEGIN", "BETWEEN", "BULK", "BY", "CALL", "CASE", "CHECK", "CLOSE", "COLUMN", "COMMENT", "COMMIT",
	"CONNECT", "CONSTRAINT", "CONTINUE", "CREATE", "CROSS", "CURRENT", "CURSOR", "DECLARE", "DEFAULT", "DELETE", "DESC", "DISTINCT", "DROP",
	"ELSE", "ELSIF", "END", "ESCAPE", "EXCEPT", "EXCEPTION", "EXECUTE", "EXISTS", "EXIT", "FALSE", "FETCH", "FOR", "FORALL", "FOREIGN",
	"FROM", "FULL", "FUNCTION", "GOTO", "GRANT", "GROUP", "HAVING", "IF", "IN", "INDEX", "INNER", "INSERT", "INTERSECT", "INTERVAL", "INTO",
	"IS", "JOIN", "KEY", "LEFT", "LIKE", "LOCK", "LOOP", "MERGE", "MINUS", "MODEL", "MULTISET", "NATURAL", "NOT", "NULL", "OF", "ON", "OPEN",
	"OPTION", "OR", "ORDER", "OUT", "OUTER", "OVER", "PACKAGE", "PARTITION", "PIPE", "PIVOT", "PRAGMA", "PRIMARY", "PRIOR", "PROCEDURE",
	"RAISE", "REFERENCES", "RENAME", "RETURN", "RETURNING", "REVOKE", "RIGHT", "ROLLBACK", "ROW", "ROWS", "SAVEPOINT", "SELECT", "SET",
	"START", "SUBTYPE", "SYNONYM", "TABLE", "THEN", "TO", "TRIGGER", "TRUE", "TRUNCATE", "TYPE", "UNION", "UNIQUE", "UNPIVOT", "UPDATE",
	"USING", "VALUES", "VIEW", "WHEN", "WHERE", "WHILE", "WITH",
}

func kindName(k scan.Kind) string { return kindNames[k] }

// Places where a keyword may be a name.
const (
	asName  = 1 << iota // of an object, a column or a variable
	asAlias             // behind a value or a table, without AS
)

// nameKinds tell where a kind of token is a name.
var nameKinds = makeNameKinds()

func makeNameKinds() (t [len(kindNames)]uint8) {
	t[kIdent], t[kQIdent] = asName|asAlias, asName|asAlias
	for k := kAll; int(k) < len(kindNames); k++ {
		t[k] = asName | asAlias
	}
	for _, k := range []scan.Kind{kAll, kAlter, kAnd, kAny, kAs, kAsc, kBegin, kBetween, kBy, kCase, kCheck, kConnect, kCreate, kDeclare, kDefault,
		kDelete, kDesc, kDistinct, kDrop, kElse, kElsif, kEnd, kException, kExists, kFor, kFrom, kGrant, kGroup, kHaving, kIf,
		kIn, kInsert, kIntersect, kInto, kIs, kLike, kLock, kMinusRows, kNot, kNull, kOf, kOn, kOr, kOrder, kPrior, kRevoke,
		kSelect, kTable, kThen, kTo, kUnion, kUnique, kUpdate, kValues, kWhen, kWhere, kWith} {
		t[k] = 0
	}
	for _, k := range []scan.Kind{kBulk, kCross, kExcept, kFetch, kFull, kInner, kJoin, kLeft, kLoop, kModel, kMultiset, kNatural, kOuter, kOver,
		kPartition, kPivot, kReturn, kReturning, kRight, kRows, kSet, kStart, kUnpivot, kUsing, kEscape, kConstraint} {
		t[k] = asName
	}
	return t
}
