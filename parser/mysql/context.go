package mysql

import (
	"strings"

	"godwit/parser/scan"
)

// contextPass rewrites a unit's tokens where the meaning of a word depends on its neighbours: it merges words into one
// token and turns identifiers into keywords and back, so that the grammar needs one token of lookahead.
type contextPass struct {
	in       []scan.Token
	out      []scan.Token // the first of the same tokens
	comments []scan.Comment
	src      string
	words    []wordInfo
	i        int
	ddl      bool // CREATE or ALTER
	event    bool // in the head of CREATE or ALTER EVENT, or in partitioning by system time
	handler  bool // between HANDLER FOR and its statement
	depth    int  // of parentheses
}

// context runs the pass.
func context(ts *scan.Tokens, l *lexer) {
	p := contextPass{in: ts.List, out: ts.List[:0], comments: ts.Comments, src: ts.File.Text, words: l.words.list}
	p.ddl = p.in[0].Kind == kCreate || p.in[0].Kind == kAlter
	for p.i < len(p.in) {
		t := &p.in[p.i]
		if steady[t.Kind] || t.Kind == kIdent && p.words[t.Word].mark == 0 && p.typ(1) != kColon {
			p.take(1, t.Kind)
			continue
		}
		p.step()
	}
	ts.List = p.out
}

// steady are the kinds that never change: all but names, words that may be labels, and those that keyword and step look at.
var steady = makeSteady()

func makeSteady() (t [len(kindNames)]bool) {
	for k := range t {
		t[k] = !nameLike(scan.Kind(k))
	}
	for _, k := range []scan.Kind{kIdent, kQIdent, kLP, kRP, kSet, kOn, kFor, kNot, kIgnore, kIn, kValues, kWith, kIndex, kRow, kInterval, kBinary, kOver, kWindow, kLateral,
		kJSONTable, kRecursive, kExcept, kIntersect, kEvent, kDo, kBegin, kSemi, kHandler, kUnsigned, kSigned} {
		t[k] = false
	}
	return t
}

// typ is the type of the token k places ahead of the current one.
func (p *contextPass) typ(k int) scan.Kind {
	if p.i+k < len(p.in) {
		return p.in[p.i+k].Kind
	}
	return kEOF
}

// mark is the contextual mark of the token k places ahead.
func (p *contextPass) mark(k int) int {
	if p.i+k < len(p.in) {
		return p.words[p.in[p.i+k].Word].mark
	}
	return 0
}

func (p *contextPass) text(k int) string {
	if p.i+k < len(p.in) {
		return p.src[p.in[p.i+k].Start:p.in[p.i+k].End]
	}
	return ""
}

// prev is the type of the k-th token before (1 is the last written), 0 if there is none.
func (p *contextPass) prev(k int) scan.Kind {
	if n := len(p.out) - k; n >= 0 {
		return p.out[n].Kind
	}
	return 0
}

func (p *contextPass) prevMark() int {
	if n := len(p.out); n > 0 {
		return p.words[p.out[n-1].Word].mark
	}
	return 0
}

// take moves n tokens as one of the given kind.
func (p *contextPass) take(n int, k scan.Kind) {
	to := len(p.out)
	for len(p.comments) > 0 && p.comments[0].Before < p.i+n {
		p.comments[0].Before = to
		p.comments = p.comments[1:]
	}
	if to != p.i {
		p.in[to] = p.in[p.i]
	}
	if n > 1 && k != kLabel {
		p.in[to].End = p.in[p.i+n-1].End
	}
	p.in[to].Kind = k
	p.out = p.in[:to+1]
	p.i += n
}

func nameLike(typ scan.Kind) bool {
	switch typ {
	case kIdent, kQIdent, kOption, kBegin, kEnd, kComment, kValue, kOffset,
		kOpen, kClose, kEvent, kView, kTemporary, kSequence, kExecute:
		return true
	}
	return false
}

// step handles the current token.
func (p *contextPass) step() {
	t := &p.in[p.i]
	switch t.Kind {
	case kIdent:
		if p.typ(1) == kColon {
			p.take(2, kLabel)
			return
		}
		p.ident(t)
	case kQIdent:
		if p.typ(1) == kColon {
			p.take(2, kLabel)
			return
		}
		p.take(1, t.Kind)
	case kLP:
		p.depth++
		p.take(1, t.Kind)
	case kRP:
		p.depth--
		p.take(1, t.Kind)
	default:
		if t.Kind >= kAdd && p.typ(1) == kColon && nameLike(t.Kind) {
			p.take(2, kLabel)
			return
		}
		p.keyword(t)
	}
}

// keyword handles tokens that are keywords at first sight.
func (p *contextPass) keyword(t *scan.Token) {
	switch t.Kind {
	case kSet:
		p.set()
	case kOn:
		p.on()
	case kFor:
		switch {
		case p.mark(1) == wSystemTime:
			p.take(2, kForSystemTime)
		case p.mark(1) == wPortion && p.typ(2) == kOf:
			p.take(3, kForPortionOf)
		default:
			p.take(1, t.Kind)
		}
	case kNot:
		p.takeIf(p.mark(1) == wEnforced, 2, kNotEnforced, 1, t.Kind)
	case kIgnore:
		p.takeIf(p.mark(1) == wNulls, 2, kNullsTreatment, 1, t.Kind)
	case kIn:
		p.in1()
	case kValues:
		p.takeIf(p.typ(1) == kRow && p.typ(2) == kLP, 2, kValuesRow, 1, t.Kind)
	case kWith:
		p.takeIf(strings.EqualFold(p.text(1), "ROLLUP"), 2, kWithRollup, 1, t.Kind)
	case kIndex:
		p.takeIf(p.mark(1) == wDirectory, 2, kDataDirectory, 1, t.Kind)
	case kRow:
		p.row()
	case kInterval:
		p.takeIf(p.intervalFunction(), 1, kIdent, 1, t.Kind)
	case kBinary:
		switch p.typ(1) {
		case kSemi, kComma, kRP, kEOF:
			p.take(1, kIdent)
		default:
			p.take(1, t.Kind)
		}
	case kOver:
		p.takeIf(p.prev(1) == kRP || p.prev(1) == kNullsTreatment, 1, t.Kind, 1, kIdent)
	case kWindow:
		p.takeIf(p.typ(2) == kAs, 1, t.Kind, 1, kIdent)
	case kLateral, kJSONTable:
		p.takeIf(p.typ(1) == kLP, 1, t.Kind, 1, kIdent)
	case kRecursive:
		p.takeIf(p.prev(1) == kWith, 1, t.Kind, 1, kIdent)
	case kExcept, kIntersect:
		p.takeIf(startsQuery(p.typ(1)), 1, t.Kind, 1, kIdent)
	case kEvent:
		if p.ddl && len(p.out) < 12 {
			p.event = true
		}
		p.take(1, t.Kind)
	case kDo, kBegin, kSemi:
		p.event, p.handler = false, false
		p.take(1, t.Kind)
	case kHandler:
		switch p.prev(1) {
		case kContinue, kExit, kUndo:
			p.handler = true
		}
		p.take(1, t.Kind)
	case kUnsigned, kSigned:
		p.take(1, t.Kind)
		if p.mark(0) == wInteger {
			p.take(1, kTypeWord)
		}
	default:
		p.take(1, t.Kind)
	}
}

// takeIf takes n tokens as typ when ok, else m tokens as other.
func (p *contextPass) takeIf(ok bool, n int, typ scan.Kind, m int, other scan.Kind) {
	if ok {
		p.take(n, typ)
		return
	}
	p.take(m, other)
}

func startsQuery(typ scan.Kind) bool {
	switch typ {
	case kSelect, kAll, kDistinct, kLP, kValues, kValuesRow, kTable:
		return true
	}
	return false
}

// set separates SET statements whose contents have a syntax of their own.
func (p *contextPass) set() {
	soup := false
	assigned := p.typ(2) == kEq || p.typ(2) == kAssign || p.typ(2) == kDot
	switch p.mark(1) {
	case wNames, wCharset, wRole, wTransaction, wResource, wStatement:
		soup = !assigned
	case wCharacter:
		soup = p.typ(2) == kSet
	case wPassword:
		soup = p.statementStart()
	case wScope:
		soup = p.mark(2) == wTransaction
	}
	if p.typ(1) == kDefault && p.mark(2) == wRole {
		soup = true
	}
	p.takeIf(soup && p.prev(1) != kOn, 1, kSetSoup, 1, kSet)
}

func (p *contextPass) on() {
	switch {
	case p.mark(1) == wDuplicate && p.typ(2) == kKey && p.typ(3) == kUpdate:
		p.take(4, kOnDuplicate)
	case p.event && p.mark(1) == wSchedule:
		p.take(2, kOnSchedule)
	case p.event && p.mark(1) == wCompletion:
		p.take(2, kOnCompletion)
	default:
		p.take(1, kOn)
	}
}

func (p *contextPass) in1() {
	switch {
	case p.mark(1) == wBoolean && p.mark(2) == wMode:
		p.take(3, kMatchMode)
	case p.typ(1) == kNatural && p.mark(2) == wLanguage && p.mark(3) == wMode:
		p.take(4, kMatchMode)
	case p.mark(1) == wReverse && p.prev(2) == kFor && p.typ(2) != kLP:
		p.take(1, kIn)
		p.take(1, kReverse)
	default:
		p.take(1, kIn)
	}
}

func (p *contextPass) row() {
	switch {
	case p.mark(1) == wType && p.typ(2) == kOf:
		p.take(3, kRowTypeOf)
	case p.prevMark() == wEach || p.prevMark() == wCurrent:
		p.take(1, kRow)
	default:
		switch p.typ(1) {
		case kComma, kRP, kEq, kDot, kFrom:
			p.take(1, kIdent)
		default:
			p.take(1, kRow)
		}
	}
}

// intervalFunction tells INTERVAL(a, b, ...) from INTERVAL (a) DAY.
func (p *contextPass) intervalFunction() bool {
	if p.typ(1) != kLP {
		return false
	}
	depth := 0
	for k := p.i + 1; k < len(p.in); k++ {
		switch p.in[k].Kind {
		case kLP:
			depth++
		case kRP:
			depth--
			if depth == 0 {
				return false
			}
		case kComma:
			if depth == 1 {
				return true
			}
		}
	}
	return false
}

// statementStart tells that a statement may begin at the current token.
func (p *contextPass) statementStart() bool {
	switch p.prev(1) {
	case 0, kSemi, kBegin, kThen, kElse, kDo, kLoop, kRepeat, kLabel:
		return true
	case kSQLException, kSQLWarning, kString, kNumber:
		return p.handler
	case kRP:
		return p.procedureHead()
	case kRow:
		return len(p.out) > 1 && p.words[p.out[len(p.out)-2].Word].mark == wEach
	}
	return p.handler && p.prevMark() == wFound
}

// procedureHead tells that what was read so far is CREATE ... PROCEDURE name (parameters): its only statement may follow.
func (p *contextPass) procedureHead() bool {
	if !p.ddl || p.depth > 0 {
		return false
	}
	found := false
	for i := range p.out {
		switch p.out[i].Kind {
		case kProcedure:
			found = true
		case kBegin, kSelect, kSemi, kSet, kIf:
			return false
		}
	}
	return found
}

// softCommand tells that a word which may also be a name begins a statement here: in a CASE expression no name follows a name.
func (p *contextPass) softCommand() bool {
	if !p.statementStart() {
		return false
	}
	if p.prev(1) != kThen && p.prev(1) != kElse {
		return true
	}
	switch p.typ(1) {
	case kIdent, kSemi, kEOF, kTo, kTable, kSelect, kPrepare:
		return true
	}
	return false
}

// ident handles words that are identifiers at first sight.
func (p *contextPass) ident(t *scan.Token) {
	one := func(ok bool, typ scan.Kind) { p.takeIf(ok, 1, typ, 1, kIdent) }
	two := func(ok bool, typ scan.Kind) { p.takeIf(ok, 2, typ, 1, kIdent) }
	switch p.words[t.Word].mark {
	case 0:
		p.take(1, t.Kind)
	case wCommand:
		one(p.statementStart(), kCommand)
	case wCommandSoft:
		one(p.softCommand(), kCommand)
	case wScope:
		next := p.typ(2)
		one((p.prev(1) == kSet || p.prev(1) == kComma) && nameLike(p.typ(1)) &&
			(next == kEq || next == kAssign || next == kDot), kScope)
	case wSelectOpt:
		one(p.afterSelectWord(), kSelectOpt)
	case wPriority:
		one(p.afterVerb(), kPriority)
	case wQuick:
		one(p.afterVerb() && (p.typ(1) == kFrom || p.typ(1) == kIgnore), kPriority)
	case wPeriod:
		two(p.typ(1) == kFor, kPeriodFor)
	case wCharacter:
		two(p.typ(1) == kSet, kCharset)
	case wCharset:
		one(p.charsetOption(), kCharset)
	case wNext, wPrevious:
		p.sequenceValue(t)
	case wSQL:
		two(p.mark(1) == wSecurity, kSQLSecurity)
	case wType:
		two(p.typ(1) == kOf, kTypeOf)
	case wNational, wLong:
		one(p.mark(1) == wCharType || p.mark(1) == wCharacter && p.typ(2) != kSet, kTypePrefix)
	case wPrecision:
		one(p.prev(1) == kIdent, kTypeWord)
	case wSystem:
		two(p.mark(1) == wVersioning, kSystemVersioning)
	case wRespect:
		two(p.mark(1) == wNulls, kNullsTreatment)
	case wGet:
		p.diagnostics()
	case wStarts:
		one(p.event || p.ddl && p.typ(1) != kComma && p.typ(1) != kRP && p.prev(1) == kIdent && p.depth == 0, kEventBound)
	case wSounds:
		two(p.typ(1) == kLike, kSoundsLike)
	case wMember:
		two(p.typ(1) == kOf, kMemberOf)
	case wEscape:
		one(p.typ(1) == kString || p.typ(1) == kParam || p.typ(1) == kUserVar, kEscape)
	case wData:
		two(p.mark(1) == wDirectory, kDataDirectory)
	case wTemporal:
		one(p.typ(1) == kString && p.prev(1) != kDot, kTemporal)
	case wTables:
		one(p.prev(1) == kDrop || p.prev(1) == kRename || p.prev(1) == kTemporary, kTable)
	case wSome:
		one(p.typ(1) == kLP && startsQuery(p.typ(2)), kAny)
	case wWithin:
		two(p.typ(1) == kGroup, kWithinGroup)
	default:
		p.take(1, t.Kind)
	}
}

func (p *contextPass) afterSelectWord() bool {
	switch p.prev(1) {
	case kSelect, kSelectOpt, kDistinct, kAll, kPriority, kStraightJoin:
		return true
	}
	return false
}

func (p *contextPass) afterVerb() bool {
	switch p.prev(1) {
	case kInsert, kReplace, kUpdate, kDelete, kIgnore:
		return true
	}
	return p.afterSelectWord()
}

// charsetOption tells the option CHARSET from a column of that name.
func (p *contextPass) charsetOption() bool {
	switch p.prev(1) {
	case kLP, kColumn, kAdd, kModify, kDot, kSelect, kBy, kWhere:
		return false
	case kComma:
		return p.ddl && p.depth == 0 && p.typ(1) == kEq
	}
	switch p.typ(1) {
	case kEq:
		return p.ddl && p.depth == 0
	case kIdent, kString, kQIdent, kBinary:
		return true
	}
	return false
}

// sequenceValue merges NEXT VALUE FOR and PREVIOUS VALUE FOR.
func (p *contextPass) sequenceValue(t *scan.Token) {
	if p.typ(1) != kValue || p.typ(2) != kFor {
		p.take(1, t.Kind)
		return
	}
	if p.words[t.Word].mark == wNext {
		p.take(3, kNextValueFor)
		return
	}
	p.take(3, kPreviousValueFor)
}

// diagnostics merges GET [CURRENT | STACKED] DIAGNOSTICS.
func (p *contextPass) diagnostics() {
	switch {
	case p.mark(1) == wDiagnostics:
		p.take(2, kGetDiagnostics)
	case (p.mark(1) == wCurrent || p.mark(1) == wStacked) && p.mark(2) == wDiagnostics:
		p.take(3, kGetDiagnostics)
	default:
		p.take(1, kIdent)
	}
}
