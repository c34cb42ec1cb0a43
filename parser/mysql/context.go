package mysql

import (
	"strings"

	g "godwit/parser/mysql/internal/gram"
	"godwit/parser/scan"
)

// contextPass rewrites a unit's tokens where the meaning of a word depends on its neighbours: it merges words into one
// token and turns identifiers into keywords and back, so that the grammar needs one token of lookahead.
type contextPass struct {
	in      []scan.Token
	out     []scan.Token
	remap   []int // index in out of each token of in
	i       int
	ddl     bool // CREATE or ALTER
	event   bool // in the head of CREATE or ALTER EVENT, or in partitioning by system time
	handler bool // between HANDLER FOR and its statement
	depth   int  // of parentheses
}

// context runs the pass.
func context(ts *scan.Tokens) {
	p := contextPass{in: ts.List, out: ts.List[:0]}
	if len(ts.Comments) > 0 {
		p.remap = make([]int, len(ts.List))
	}
	p.ddl = len(p.in) > 0 && (p.in[0].Type == g.MySQLParserCREATE || p.in[0].Type == g.MySQLParserALTER)
	for p.i < len(p.in) {
		p.step()
	}
	ts.List = p.out
	for i := range ts.Comments {
		ts.Comments[i].Before = p.remap[ts.Comments[i].Before]
	}
}

// typ is the type of the token k places ahead of the current one.
func (p *contextPass) typ(k int) int {
	if p.i+k < len(p.in) {
		return p.in[p.i+k].Type
	}
	return -1
}

// mark is the contextual mark of the token k places ahead.
func (p *contextPass) mark(k int) int {
	if p.i+k < len(p.in) {
		return p.in[p.i+k].Word
	}
	return 0
}

func (p *contextPass) text(k int) string {
	if p.i+k < len(p.in) {
		return p.in[p.i+k].Text
	}
	return ""
}

// prev is the type of the k-th token before (1 is the last written), 0 if there is none.
func (p *contextPass) prev(k int) int {
	if n := len(p.out) - k; n >= 0 {
		return p.out[n].Type
	}
	return 0
}

func (p *contextPass) prevMark() int {
	if n := len(p.out); n > 0 {
		return p.out[n-1].Word
	}
	return 0
}

// take moves n tokens as one of the given type.
func (p *contextPass) take(n, typ int) {
	t := p.in[p.i]
	if n > 1 {
		last := p.in[p.i+n-1]
		var b strings.Builder
		for k := range n {
			if k > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(p.in[p.i+k].Text)
		}
		t.End, t.Text = last.End, b.String()
	}
	t.Type = typ
	for k := range n {
		if p.remap != nil {
			p.remap[p.i+k] = len(p.out)
		}
	}
	p.out = append(p.out, t)
	p.i += n
}

func nameLike(typ int) bool {
	switch typ {
	case g.MySQLParserIDENT, g.MySQLParserQIDENT, g.MySQLParserOPT1, g.MySQLParserBEGIN, g.MySQLParserEND, g.MySQLParserCOMMENT, g.MySQLParserVALUE, g.MySQLParserOFFSET,
		g.MySQLParserOPEN, g.MySQLParserCLOSE, g.MySQLParserEVENT, g.MySQLParserVIEW, g.MySQLParserTEMPORARY, g.MySQLParserSEQUENCE, g.MySQLParserEXECUTE:
		return true
	}
	return false
}

// step handles the current token.
func (p *contextPass) step() {
	t := &p.in[p.i]
	switch t.Type {
	case g.MySQLParserIDENT:
		if p.typ(1) == g.MySQLParserCOLON {
			p.take(2, g.MySQLParserLABEL)
			return
		}
		p.ident(t)
	case g.MySQLParserQIDENT:
		if p.typ(1) == g.MySQLParserCOLON {
			p.take(2, g.MySQLParserLABEL)
			return
		}
		p.take(1, t.Type)
	case g.MySQLParserLP:
		p.depth++
		p.take(1, t.Type)
	case g.MySQLParserRP:
		p.depth--
		p.take(1, t.Type)
	default:
		if t.Type >= g.MySQLParserADD && p.typ(1) == g.MySQLParserCOLON && nameLike(t.Type) {
			p.take(2, g.MySQLParserLABEL)
			return
		}
		p.keyword(t)
	}
}

// keyword handles tokens that are keywords at first sight.
func (p *contextPass) keyword(t *scan.Token) {
	switch t.Type {
	case g.MySQLParserSET:
		p.set()
	case g.MySQLParserON:
		p.on()
	case g.MySQLParserFOR:
		switch {
		case p.mark(1) == wSystemTime:
			p.take(2, g.MySQLParserFOR_SYSTEM_TIME)
		case p.mark(1) == wPortion && p.typ(2) == g.MySQLParserOF:
			p.take(3, g.MySQLParserFOR_PORTION_OF)
		default:
			p.take(1, t.Type)
		}
	case g.MySQLParserNOT:
		p.takeIf(p.mark(1) == wEnforced, 2, g.MySQLParserNOT_ENFORCED, 1, t.Type)
	case g.MySQLParserIGNORE:
		p.takeIf(p.mark(1) == wNulls, 2, g.MySQLParserNULLS_TREATMENT, 1, t.Type)
	case g.MySQLParserIN:
		p.in1()
	case g.MySQLParserVALUES:
		p.takeIf(p.typ(1) == g.MySQLParserROW && p.typ(2) == g.MySQLParserLP, 2, g.MySQLParserVALUES_ROW, 1, t.Type)
	case g.MySQLParserWITH:
		p.takeIf(strings.EqualFold(p.text(1), "ROLLUP"), 2, g.MySQLParserWITH_ROLLUP, 1, t.Type)
	case g.MySQLParserINDEX:
		p.takeIf(p.mark(1) == wDirectory, 2, g.MySQLParserDATA_DIRECTORY, 1, t.Type)
	case g.MySQLParserROW:
		p.row()
	case g.MySQLParserINTERVAL:
		p.takeIf(p.intervalFunction(), 1, g.MySQLParserIDENT, 1, t.Type)
	case g.MySQLParserBINARY:
		switch p.typ(1) {
		case g.MySQLParserSEMI, g.MySQLParserCOMMA, g.MySQLParserRP, -1:
			p.take(1, g.MySQLParserIDENT)
		default:
			p.take(1, t.Type)
		}
	case g.MySQLParserOVER:
		p.takeIf(p.prev(1) == g.MySQLParserRP || p.prev(1) == g.MySQLParserNULLS_TREATMENT, 1, t.Type, 1, g.MySQLParserIDENT)
	case g.MySQLParserWINDOW:
		p.takeIf(p.typ(2) == g.MySQLParserAS, 1, t.Type, 1, g.MySQLParserIDENT)
	case g.MySQLParserLATERAL, g.MySQLParserJSON_TABLE:
		p.takeIf(p.typ(1) == g.MySQLParserLP, 1, t.Type, 1, g.MySQLParserIDENT)
	case g.MySQLParserRECURSIVE:
		p.takeIf(p.prev(1) == g.MySQLParserWITH, 1, t.Type, 1, g.MySQLParserIDENT)
	case g.MySQLParserEXCEPT, g.MySQLParserINTERSECT:
		p.takeIf(startsQuery(p.typ(1)), 1, t.Type, 1, g.MySQLParserIDENT)
	case g.MySQLParserEVENT:
		if p.ddl && len(p.out) < 12 {
			p.event = true
		}
		p.take(1, t.Type)
	case g.MySQLParserDO, g.MySQLParserBEGIN, g.MySQLParserSEMI:
		p.event, p.handler = false, false
		p.take(1, t.Type)
	case g.MySQLParserHANDLER:
		switch p.prev(1) {
		case g.MySQLParserCONTINUE, g.MySQLParserEXIT, g.MySQLParserUNDO:
			p.handler = true
		}
		p.take(1, t.Type)
	case g.MySQLParserUNSIGNED, g.MySQLParserSIGNED:
		p.take(1, t.Type)
		if p.mark(0) == wInteger {
			p.take(1, g.MySQLParserTYPE_WORD)
		}
	default:
		p.take(1, t.Type)
	}
}

// takeIf takes n tokens as typ when ok, else m tokens as other.
func (p *contextPass) takeIf(ok bool, n, typ, m, other int) {
	if ok {
		p.take(n, typ)
		return
	}
	p.take(m, other)
}

func startsQuery(typ int) bool {
	switch typ {
	case g.MySQLParserSELECT, g.MySQLParserALL, g.MySQLParserDISTINCT, g.MySQLParserLP, g.MySQLParserVALUES, g.MySQLParserVALUES_ROW, g.MySQLParserTABLE:
		return true
	}
	return false
}

// set separates SET statements whose contents have a syntax of their own.
func (p *contextPass) set() {
	soup := false
	assigned := p.typ(2) == g.MySQLParserEQ || p.typ(2) == g.MySQLParserASSIGN || p.typ(2) == g.MySQLParserDOT
	switch p.mark(1) {
	case wNames, wCharset, wRole, wTransaction, wResource, wStatement:
		soup = !assigned
	case wCharacter:
		soup = p.typ(2) == g.MySQLParserSET
	case wPassword:
		soup = p.statementStart()
	case wScope:
		soup = p.mark(2) == wTransaction
	}
	if p.typ(1) == g.MySQLParserDEFAULT && p.mark(2) == wRole {
		soup = true
	}
	p.takeIf(soup && p.prev(1) != g.MySQLParserON, 1, g.MySQLParserSET_SOUP, 1, g.MySQLParserSET)
}

func (p *contextPass) on() {
	switch {
	case p.mark(1) == wDuplicate && p.typ(2) == g.MySQLParserKEY && p.typ(3) == g.MySQLParserUPDATE:
		p.take(4, g.MySQLParserON_DUPLICATE)
	case p.event && p.mark(1) == wSchedule:
		p.take(2, g.MySQLParserON_SCHEDULE)
	case p.event && p.mark(1) == wCompletion:
		p.take(2, g.MySQLParserON_COMPLETION)
	default:
		p.take(1, g.MySQLParserON)
	}
}

func (p *contextPass) in1() {
	switch {
	case p.mark(1) == wBoolean && p.mark(2) == wMode:
		p.take(3, g.MySQLParserMATCH_MODE)
	case p.typ(1) == g.MySQLParserNATURAL && p.mark(2) == wLanguage && p.mark(3) == wMode:
		p.take(4, g.MySQLParserMATCH_MODE)
	case p.mark(1) == wReverse && p.prev(2) == g.MySQLParserFOR && p.typ(2) != g.MySQLParserLP:
		p.take(1, g.MySQLParserIN)
		p.take(1, g.MySQLParserREVERSE)
	default:
		p.take(1, g.MySQLParserIN)
	}
}

func (p *contextPass) row() {
	switch {
	case p.mark(1) == wType && p.typ(2) == g.MySQLParserOF:
		p.take(3, g.MySQLParserROW_TYPE_OF)
	case p.prevMark() == wEach || p.prevMark() == wCurrent:
		p.take(1, g.MySQLParserROW)
	default:
		switch p.typ(1) {
		case g.MySQLParserCOMMA, g.MySQLParserRP, g.MySQLParserEQ, g.MySQLParserDOT, g.MySQLParserFROM:
			p.take(1, g.MySQLParserIDENT)
		default:
			p.take(1, g.MySQLParserROW)
		}
	}
}

// intervalFunction tells INTERVAL(a, b, ...) from INTERVAL (a) DAY.
func (p *contextPass) intervalFunction() bool {
	if p.typ(1) != g.MySQLParserLP {
		return false
	}
	depth := 0
	for k := p.i + 1; k < len(p.in); k++ {
		switch p.in[k].Type {
		case g.MySQLParserLP:
			depth++
		case g.MySQLParserRP:
			depth--
			if depth == 0 {
				return false
			}
		case g.MySQLParserCOMMA:
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
	case 0, g.MySQLParserSEMI, g.MySQLParserBEGIN, g.MySQLParserTHEN, g.MySQLParserELSE, g.MySQLParserDO, g.MySQLParserLOOP, g.MySQLParserREPEAT, g.MySQLParserLABEL:
		return true
	case g.MySQLParserSQLEXCEPTION, g.MySQLParserSQLWARNING, g.MySQLParserSTRING, g.MySQLParserNUMBER:
		return p.handler
	case g.MySQLParserROW:
		return len(p.out) > 1 && p.out[len(p.out)-2].Word == wEach
	}
	return p.handler && p.prevMark() == wFound
}

// softCommand tells that a word which may also be a name begins a statement here: in a CASE expression no name follows a name.
func (p *contextPass) softCommand() bool {
	if !p.statementStart() {
		return false
	}
	if p.prev(1) != g.MySQLParserTHEN && p.prev(1) != g.MySQLParserELSE {
		return true
	}
	switch p.typ(1) {
	case g.MySQLParserIDENT, g.MySQLParserSEMI, -1, g.MySQLParserTO, g.MySQLParserTABLE, g.MySQLParserSELECT, g.MySQLParserPREPARE:
		return true
	}
	return false
}

// ident handles words that are identifiers at first sight.
func (p *contextPass) ident(t *scan.Token) {
	one := func(ok bool, typ int) { p.takeIf(ok, 1, typ, 1, g.MySQLParserIDENT) }
	two := func(ok bool, typ int) { p.takeIf(ok, 2, typ, 1, g.MySQLParserIDENT) }
	switch t.Word {
	case 0:
		p.take(1, t.Type)
	case wCommand:
		one(p.statementStart(), g.MySQLParserCMD)
	case wCommandSoft:
		one(p.softCommand(), g.MySQLParserCMD)
	case wScope:
		next := p.typ(2)
		one((p.prev(1) == g.MySQLParserSET || p.prev(1) == g.MySQLParserCOMMA) && nameLike(p.typ(1)) &&
			(next == g.MySQLParserEQ || next == g.MySQLParserASSIGN || next == g.MySQLParserDOT), g.MySQLParserSCOPE)
	case wSelectOpt:
		one(p.afterSelectWord(), g.MySQLParserSELECT_OPT)
	case wPriority:
		one(p.afterVerb(), g.MySQLParserPRIORITY)
	case wQuick:
		one(p.afterVerb() && (p.typ(1) == g.MySQLParserFROM || p.typ(1) == g.MySQLParserIGNORE), g.MySQLParserPRIORITY)
	case wPeriod:
		two(p.typ(1) == g.MySQLParserFOR, g.MySQLParserPERIOD_FOR)
	case wCharacter:
		two(p.typ(1) == g.MySQLParserSET, g.MySQLParserCHARSET)
	case wCharset:
		one(p.charsetOption(), g.MySQLParserCHARSET)
	case wNext, wPrevious:
		p.sequenceValue(t)
	case wSQL:
		two(p.mark(1) == wSecurity, g.MySQLParserSQL_SECURITY)
	case wType:
		two(p.typ(1) == g.MySQLParserOF, g.MySQLParserTYPE_OF)
	case wNational, wLong:
		one(p.mark(1) == wCharType || p.mark(1) == wCharacter && p.typ(2) != g.MySQLParserSET, g.MySQLParserTYPE_PREFIX)
	case wPrecision:
		one(p.prev(1) == g.MySQLParserIDENT, g.MySQLParserTYPE_WORD)
	case wSystem:
		two(p.mark(1) == wVersioning, g.MySQLParserSYSTEM_VERSIONING)
	case wRespect:
		two(p.mark(1) == wNulls, g.MySQLParserNULLS_TREATMENT)
	case wGet:
		p.diagnostics()
	case wStarts:
		one(p.event || p.ddl && p.typ(1) != g.MySQLParserCOMMA && p.typ(1) != g.MySQLParserRP && p.prev(1) == g.MySQLParserIDENT && p.depth == 0, g.MySQLParserEVENT_BOUND)
	case wSounds:
		two(p.typ(1) == g.MySQLParserLIKE, g.MySQLParserSOUNDS_LIKE)
	case wMember:
		two(p.typ(1) == g.MySQLParserOF, g.MySQLParserMEMBER_OF)
	case wEscape:
		one(p.typ(1) == g.MySQLParserSTRING || p.typ(1) == g.MySQLParserPARAM || p.typ(1) == g.MySQLParserUSERVAR, g.MySQLParserESCAPE)
	case wData:
		two(p.mark(1) == wDirectory, g.MySQLParserDATA_DIRECTORY)
	case wTemporal:
		one(p.typ(1) == g.MySQLParserSTRING && p.prev(1) != g.MySQLParserDOT, g.MySQLParserTEMPORAL)
	case wTables:
		one(p.prev(1) == g.MySQLParserDROP || p.prev(1) == g.MySQLParserRENAME || p.prev(1) == g.MySQLParserTEMPORARY, g.MySQLParserTABLE)
	case wSome:
		one(p.typ(1) == g.MySQLParserLP && startsQuery(p.typ(2)), g.MySQLParserANY)
	case wWithin:
		two(p.typ(1) == g.MySQLParserGROUP, g.MySQLParserWITHIN_GROUP)
	default:
		p.take(1, t.Type)
	}
}

func (p *contextPass) afterSelectWord() bool {
	switch p.prev(1) {
	case g.MySQLParserSELECT, g.MySQLParserSELECT_OPT, g.MySQLParserDISTINCT, g.MySQLParserALL, g.MySQLParserPRIORITY, g.MySQLParserSTRAIGHT_JOIN:
		return true
	}
	return false
}

func (p *contextPass) afterVerb() bool {
	switch p.prev(1) {
	case g.MySQLParserINSERT, g.MySQLParserREPLACE, g.MySQLParserUPDATE, g.MySQLParserDELETE, g.MySQLParserIGNORE:
		return true
	}
	return p.afterSelectWord()
}

// charsetOption tells the option CHARSET from a column of that name.
func (p *contextPass) charsetOption() bool {
	switch p.prev(1) {
	case g.MySQLParserLP, g.MySQLParserCOLUMN, g.MySQLParserADD, g.MySQLParserMODIFY, g.MySQLParserDOT, g.MySQLParserSELECT, g.MySQLParserBY, g.MySQLParserWHERE:
		return false
	case g.MySQLParserCOMMA:
		return p.ddl && p.depth == 0 && p.typ(1) == g.MySQLParserEQ
	}
	switch p.typ(1) {
	case g.MySQLParserEQ:
		return p.ddl && p.depth == 0
	case g.MySQLParserIDENT, g.MySQLParserSTRING, g.MySQLParserQIDENT, g.MySQLParserBINARY:
		return true
	}
	return false
}

// sequenceValue merges NEXT VALUE FOR and PREVIOUS VALUE FOR.
func (p *contextPass) sequenceValue(t *scan.Token) {
	if p.typ(1) != g.MySQLParserVALUE || p.typ(2) != g.MySQLParserFOR {
		p.take(1, t.Type)
		return
	}
	if t.Word == wNext {
		p.take(3, g.MySQLParserNEXT_VALUE_FOR)
		return
	}
	p.take(3, g.MySQLParserPREVIOUS_VALUE_FOR)
}

// diagnostics merges GET [CURRENT | STACKED] DIAGNOSTICS.
func (p *contextPass) diagnostics() {
	switch {
	case p.mark(1) == wDiagnostics:
		p.take(2, g.MySQLParserGET_DIAGNOSTICS)
	case (p.mark(1) == wCurrent || p.mark(1) == wStacked) && p.mark(2) == wDiagnostics:
		p.take(3, g.MySQLParserGET_DIAGNOSTICS)
	default:
		p.take(1, g.MySQLParserIDENT)
	}
}
