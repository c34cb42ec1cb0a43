// Package session holds the rule for SET of system variables and for reading them.
package session

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/information"
	"godwit/ir/rewrite/transactions"
	"godwit/ir/types"
)

const code = "SE0110"

var (
	noEffect = &diag.Code{
		ID: "SE0111", Title: "A setting of the source server is left out", Severity: diag.Info, Fidelity: diag.Exact,
		Doc:  "The variable changes memory, time limits, logs, replication or messages of the source, and no result of a statement. It is kept as a comment.",
		Next: "Set the counterpart on the target server if there is need of it.",
	}
	checksOff = &diag.Code{
		ID: "SE0112", Title: "Checks of keys are switched off or on", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The target checks foreign keys, unique keys and CHECK constraints always. It is assumed that the statements keep to them in the order in which they stand, and that no action of a foreign key (CASCADE, SET NULL) is meant to be skipped. Where translate has the whole script, the foreign keys of the tables that it changes meanwhile are dropped and added again (CN0208).",
		Next: "Create foreign keys behind the rows, or order the statements so that parents come first.", Each: 0.1,
	}
	checksOffInside = &diag.Code{
		ID: "SE0118", Title: "Checks that cannot be switched off", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "A routine switches checks of foreign keys off, or a script the checks of CHECK constraints. The target checks them always, and runs the actions of foreign keys: a statement that breaks one fails.",
		Next: "Order the statements so that they keep to the constraints, and leave the switch out.", Learn: 0.2, Each: 0.2,
	}
	unknownVariable = &diag.Code{
		ID: "SE0113", Title: "SET of a variable without a counterpart", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The variable, or this value of it, changes what statements mean, or it is not known; the target has no such setting.",
		Next:  "Remove the statement, or convert what depends on it by hand.",
		Learn: 0.3, Each: 0.2,
	}
	unknownRead = &diag.Code{
		ID: "SE0114", Title: "A system variable is read", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The value of this variable tells about the source server; the target has no counterpart that means the same.",
		Next:  "Remove the variable from the statement.",
		Learn: 0.2, Each: 0.2,
	}
	inRoutine = &diag.Code{
		ID: "SE0115", Title: "A routine sets group_concat_max_len", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The value counts for the whole routine on the target. On the source it stays set in the session when the routine has ended; it is assumed that nothing depends on that.",
		Next: "Set the variable where the session begins.", Each: 0.1,
	}
	otherLanguage = &diag.Code{
		ID: "SE0117", Title: "A statement under sql_mode=ORACLE", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "Under sql_mode=ORACLE concatenation leaves NULL out, functions of texts have other results, and routines are written in another language. Statements with functions or concatenation are not converted there.",
		Next:  "Convert the statement by hand, or run it in the default sql_mode.",
		Learn: 1, Each: 0.5,
	}
	savedRead = &diag.Code{
		ID: "SE0116", Title: "A saved setting is read", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The user variable holds the old value of a system variable. The converter follows such a pair of statements without keeping the value, so that it cannot be read elsewhere.",
		Next: "Remove the variable from the statement.", Each: 0.1,
	}
)

// Rule is SE0110.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "session",
		Doc: `SET of system variables (MySQL Reference Manual, "SET Syntax for Variable Assignment"). Those that change meaning (sql_mode, the charset
and collation of the connection, group_concat_max_len) are read by the front end: the statements behind are converted accordingly. Those that change speed or
limits only are left out. SET @old = @@x with SET x = @old, as dumps begin and end with, falls away as a pair. Others are refused. Reading a
variable gives its value where that is known.`,
		Examples: []rewrite.Example{
			{Source: "SET @OLD_SQL_MODE = @@SQL_MODE, SQL_MODE = 'ANSI_QUOTES';\nSELECT \"a\" FROM (SELECT 1 AS a) AS x;\nSET SQL_MODE = @OLD_SQL_MODE;",
				Target: "-- SET @OLD_SQL_MODE = @@SQL_MODE, SQL_MODE = 'ANSI_QUOTES';\nSELECT a FROM (SELECT 1 AS a) AS x;\n-- SET SQL_MODE = @OLD_SQL_MODE;"},
			{Source: "SET NAMES utf8mb4;", Target: "-- SET NAMES utf8mb4;"},
			{Source: "SELECT @@foreign_key_checks AS c;", Target: "SELECT 1 AS c;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{noEffect, checksOff, checksOffInside, unknownVariable, unknownRead, inRoutine, savedRead, otherLanguage},
		After:    map[string]string{"transactions": "it takes autocommit and the variables of transactions", "time-zone": "it notes the zones that user variables hold"},
		Prepare:  prepare,
		Looks:    ir.Kinds(ir.KindSetNames, ir.KindSetVar, ir.KindUserVar, ir.KindSysVar, ir.KindConcat, ir.KindCall, ir.KindRoutineCall, ir.KindAggregate, ir.KindRoutine, ir.KindCreateTrigger, ir.KindCreateEvent, ir.KindBlock),
		Needed: func(p *rewrite.Pass) bool {
			return foreign(p) || p.May(ir.KindSetNames, ir.KindSysVar, ir.KindUserVar)
		},
		Run: run,
	}
}

// saved is the key of the session's state for user variables that hold old values: name of the user variable → name of the system
// variable. switches are the values of checks.
const (
	saved    = "session.saved"
	switches = "session.switches"
	// otherMode is the key of the units that mean something else under sql_mode=ORACLE, as they were before any rule.
	otherMode = "session.oracle"
)

type pass struct {
	*rewrite.Pass
	table   map[string]treatment
	program bool
}

func run(p *rewrite.Pass) {
	r := &pass{Pass: p, table: treatments}
	if foreign(p) {
		rewrite.Refuse(p, otherLanguage, p.Unit.Span, "the statement stands under sql_mode=ORACLE and has functions, concatenation or a routine")
		return
	}
	var out []ir.Stmt
	for _, s := range p.Unit.Stmts {
		out = append(out, r.top(s)...)
	}
	if p.Refused() {
		return
	}
	p.Unit.Stmts = out
	p.Exprs(r.read)
}

// foreign tells that the unit was found to mean something else under sql_mode=ORACLE.
func foreign(p *rewrite.Pass) bool {
	units, _ := p.Session.Values[otherMode].(map[*ir.Unit]bool)
	return units[p.Unit]
}

// oracle tells that the statement has parts that mean something else under sql_mode=ORACLE.
func oracle(p *rewrite.Pass) bool {
	on := false
	for _, m := range strings.Split(p.Settings["sql-mode"], ",") {
		on = on || strings.EqualFold(strings.TrimSpace(m), "ORACLE")
	}
	if !on {
		return false
	}
	for _, s := range p.Unit.Stmts {
		if _, set := s.(*ir.SetVar); set {
			continue
		}
		if control.IsProgram(s) || ir.Find(s, func(n ir.Node) bool {
			switch n.(type) {
			case *ir.Concat, *ir.Call, *ir.RoutineCall, *ir.Aggregate:
				return true
			}
			return false
		}) {
			return true
		}
	}
	return false
}

// ChecksOff tells that the script has switched a kind of checks off (foreign_key_checks, unique_checks) and not on again.
func ChecksOff(s *rewrite.Session, variable string) bool {
	m, _ := s.State[switches].(map[string]string)
	return m[variable] == "0"
}

func (r *pass) strings(key string) map[string]string {
	m, _ := r.Session.State[key].(map[string]string)
	if m == nil {
		m = map[string]string{}
		r.Session.State[key] = m
	}
	return m
}

func (r *pass) top(s ir.Stmt) []ir.Stmt {
	switch n := s.(type) {
	case *ir.SetNames:
		return []ir.Stmt{r.names(n)}
	case *ir.SetVar:
		return r.set(n)
	}
	r.program = control.IsProgram(s)
	if !r.program {
		return []ir.Stmt{s}
	}
	return []ir.Stmt{ir.Map(s, func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.SetNames:
			return r.names(n)
		case *ir.SetVar:
			list := r.set(n)
			if len(list) == 1 {
				return list[0]
			}
			sp := &ir.Splice{Stmts: list}
			sp.Span = n.Span
			return sp
		}
		return n
	})}
}

// names drops SET NAMES: texts of the target are in the encoding of the database.
func (r *pass) names(n *ir.SetNames) ir.Stmt {
	if n.Charset == "binary" {
		rewrite.Refuse(r.Pass, unknownVariable, n.Span, "SET NAMES binary makes bytes of texts")
		return n
	}
	return r.nothing(n)
}

func (r *pass) nothing(s ir.Stmt) ir.Stmt {
	if r.program {
		return control.Take(code, s, &ir.Nothing{})
	}
	return control.Take(code, s, &ir.CommentStmt{Text: s.Base().Span.Text()})
}

// set carries out the items of a SET and keeps those that assign something on the target.
func (r *pass) set(n *ir.SetVar) []ir.Stmt {
	var kept []*ir.SetItem
	var out []ir.Stmt
	for _, it := range n.Items {
		switch t := it.Target.(type) {
		case *ir.SysVar:
			keep, stmts := r.item(it, t)
			out = append(out, stmts...)
			if keep {
				kept = append(kept, it)
			}
		case *ir.UserVar:
			if !r.save(it, t) {
				kept = append(kept, it)
			}
		default:
			kept = append(kept, it)
		}
		if r.Refused() {
			return []ir.Stmt{n}
		}
	}
	switch {
	case len(kept) == len(n.Items):
		return []ir.Stmt{n}
	case len(kept) > 0:
		n.Items = kept
		out = append([]ir.Stmt{n}, out...)
	case len(out) == 0:
		return []ir.Stmt{r.nothing(n)}
	}
	for _, s := range out {
		if s != ir.Stmt(n) {
			s.Base().Span = n.Span
			s.Base().Made(code)
		}
	}
	return out
}

// save follows SET @old = @@x; true if the item falls away.
func (r *pass) save(it *ir.SetItem, u *ir.UserVar) bool {
	old := r.strings(saved)
	delete(old, u.Name)
	v, ok := it.Value.(*ir.SysVar)
	if !ok || r.program || !looksSaved(u.Name) && !strings.Contains(u.Name, v.Name) || v.Scope == "global" {
		return false
	}
	if t := r.table[v.Name]; t == unknown || t == number {
		return false
	}
	old[u.Name] = v.Name
	return true
}

// looksSaved tells that a user variable is called as those that keep old settings.
func looksSaved(name string) bool {
	for _, w := range []string{"old", "save", "prev", "orig", "mysqldump_temp"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// item carries out one assignment of a system variable; keep leaves it to another rule.
func (r *pass) item(it *ir.SetItem, v *ir.SysVar) (keep bool, out []ir.Stmt) {
	t := r.table[v.Name]
	if v.Scope == "global" && t != tuning {
		r.refuse(it, "SET GLOBAL %s changes the source server", v.Name)
		return false, nil
	}
	if r.program && v.Name == "autocommit" {
		return true, nil // refused by the rule for transactions of routines
	}
	switch t {
	case elsewhere:
		return true, nil
	case tuning:
		r.Report(noEffect, it.Span, "%s has no effect on results", v.Name)
	case checks:
		r.check(it, v)
	case settled:
		r.settled(it, v)
	case number:
		c := &ir.Call{Op: op.LastInsertID, Name: "LAST_INSERT_ID", Args: []ir.Expr{it.Value}}
		c.Span, c.Type = it.Span, types.Int{Bits: 64, Unsigned: true}
		if it.Value == nil {
			r.refuse(it, "SET %s = DEFAULT", v.Name)
			return false, nil
		}
		return false, []ir.Stmt{&ir.Do{Items: []ir.Expr{c}}}
	case fixed:
		if !r.restores(it, v) && !isFixed(v.Name, it.Value) {
			r.refuse(it, "%s is set to another value than the conversion takes for granted", v.Name)
		}
	default:
		r.refuse(it, "the variable %s has no counterpart on the target", v.Name)
	}
	return false, nil
}

func (r *pass) refuse(it *ir.SetItem, format string, args ...any) {
	rewrite.Refuse(r.Pass, unknownVariable, it.Span, format, args...)
}

// restores tells that the value is the one that the variable had before.
func (r *pass) restores(it *ir.SetItem, v *ir.SysVar) bool {
	switch x := it.Value.(type) {
	case nil:
		return true
	case *ir.UserVar:
		return r.strings(saved)[x.Name] == v.Name
	case *ir.SysVar:
		return x.Name == v.Name && x.Scope != "global"
	}
	return false
}

func (r *pass) check(it *ir.SetItem, v *ir.SysVar) {
	if r.restores(it, v) {
		delete(r.strings(switches), v.Name)
		return
	}
	on, ok := transactions.Truth(it.Value)
	if !ok {
		r.refuse(it, "%s is set to a value that is not known", v.Name)
		return
	}
	if on {
		delete(r.strings(switches), v.Name)
		return
	}
	switch {
	case v.Name == "unique_checks":
		r.Report(noEffect, it.Span, "%s lets the source check later, and skip nothing", v.Name)
	case r.program || v.Name != "foreign_key_checks":
		r.Report(checksOffInside, it.Span, "%s is switched off", v.Name)
	default:
		r.Report(checksOff, it.Span, "%s is switched off", v.Name)
	}
	if !r.program {
		r.strings(switches)[v.Name] = "0"
	}
}

// settled variables have been read by the front end, if their value is constant.
func (r *pass) settled(it *ir.SetItem, v *ir.SysVar) {
	if r.program {
		if _, ok := literal(it.Value); ok && v.Name == "group_concat_max_len" {
			r.Report(inRoutine, it.Span, "group_concat_max_len counts for the whole routine")
			return
		}
		r.refuse(it, "%s is set inside a routine", v.Name)
		return
	}
	if v.Name == "sql_mode" {
		return // the front end has a finding of its own
	}
	if _, ok := literal(it.Value); !ok && !r.restores(it, v) {
		r.refuse(it, "%s is set to a value that is not known", v.Name)
	}
}

// literal is the text of a literal.
func literal(e ir.Expr) (string, bool) {
	switch x := e.(type) {
	case *ir.Number:
		return x.Text, true
	case *ir.String:
		return x.Value, true
	}
	return "", false
}

func isFixed(name string, e ir.Expr) bool {
	text, ok := literal(e)
	on, isSwitch := transactions.Truth(e)
	for _, v := range fixedValues(name) {
		if ok && strings.EqualFold(text, v) || isSwitch && (v == "1") == on && (v == "1" || v == "0") {
			return true
		}
	}
	return false
}

// prepare notes statements under sql_mode=ORACLE, and gives a routine that sets group_concat_max_len to one constant that value for all of it.
func prepare(p *rewrite.Pass) {
	if oracle(p) {
		m, _ := p.Session.Values[otherMode].(map[*ir.Unit]bool)
		if m == nil {
			m = map[*ir.Unit]bool{}
			p.Session.Values[otherMode] = m
		}
		m[p.Unit] = true
	}
	for _, s := range p.Unit.Stmts {
		if !control.IsProgram(s) {
			continue
		}
		values := map[string]bool{}
		ir.Walk(s, func(n ir.Node) bool {
			it, ok := n.(*ir.SetItem)
			if !ok {
				return true
			}
			if v, ok := it.Target.(*ir.SysVar); ok && v.Name == "group_concat_max_len" {
				text, _ := literal(it.Value)
				values[text] = true
			}
			return true
		})
		if len(values) != 1 || values[""] {
			continue
		}
		for v := range values {
			p.Unit.Settings = p.Unit.Settings.Clone()
			p.Unit.Settings["group-concat-max-len"] = v
		}
	}
}

// read replaces a system variable by its value.
func (r *pass) read(e ir.Expr) ir.Expr {
	switch x := e.(type) {
	case *ir.UserVar:
		if v := r.strings(saved)[x.Name]; v != "" && !r.Refused() {
			rewrite.Refuse(r.Pass, savedRead, x.Span, "@%s holds the old value of %s", x.Name, v)
		}
	case *ir.SysVar:
		return r.value(x)
	}
	return e
}

func (r *pass) value(v *ir.SysVar) ir.Expr {
	if r.table[v.Name] == elsewhere || r.program && v.Name == "autocommit" {
		return v // another rule, or the final check
	}
	if r.table[v.Name] == number && v.Scope != "global" {
		c := &ir.Call{Op: op.LastInsertID, Name: "LAST_INSERT_ID"}
		c.Span, c.Type = v.Span, types.Int{Bits: 64, Unsigned: true}
		c.Made(code)
		return c
	}
	if e := r.words(v); e != nil {
		return e
	}
	text, ok := r.known(v)
	if !ok {
		if !r.Refused() {
			rewrite.Refuse(r.Pass, unknownRead, v.Span, "the system variable @@%s", v.Name)
		}
		return v
	}
	n := control.Int(text)
	n.Span, n.Type = v.Span, v.Type
	n.Made(code)
	return n
}

// words is the value of a variable that is a text; nil if it is not known.
func (r *pass) words(v *ir.SysVar) ir.Expr {
	if v.Scope == "global" {
		return nil
	}
	text := ""
	switch v.Name {
	case "version":
		return information.Version(r.Pass, v)
	case "sql_mode":
		mode, ok := r.Settings["sql-mode"]
		if !ok {
			return nil
		}
		text = modeText(mode)
	case "collation_connection":
		text = r.Settings["collation-connection"]
	case "character_set_connection":
		text = r.Settings["character-set-connection"]
	}
	if text == "" && v.Name != "sql_mode" {
		return nil
	}
	s := control.Text(text)
	s.Span, s.Type = v.Span, v.Type
	s.Made(code)
	return s
}

// modeText lists the flags of sql_mode in the order in which the source shows them.
func modeText(mode string) string {
	var out []string
	for _, flag := range strings.Fields(modeFlags) {
		for _, m := range strings.Split(mode, ",") {
			if strings.EqualFold(strings.TrimSpace(m), flag) {
				out = append(out, flag)
				break
			}
		}
	}
	return strings.Join(out, ",")
}

const modeFlags = `REAL_AS_FLOAT PIPES_AS_CONCAT ANSI_QUOTES IGNORE_SPACE IGNORE_BAD_TABLE_OPTIONS ONLY_FULL_GROUP_BY NO_UNSIGNED_SUBTRACTION NO_DIR_IN_CREATE POSTGRESQL ORACLE
MSSQL DB2 MAXDB NO_KEY_OPTIONS NO_TABLE_OPTIONS NO_FIELD_OPTIONS MYSQL323 MYSQL40 ANSI NO_AUTO_VALUE_ON_ZERO NO_BACKSLASH_ESCAPES STRICT_TRANS_TABLES STRICT_ALL_TABLES
NO_ZERO_IN_DATE NO_ZERO_DATE ALLOW_INVALID_DATES ERROR_FOR_DIVISION_BY_ZERO TRADITIONAL NO_AUTO_CREATE_USER HIGH_NOT_PRECEDENCE NO_ENGINE_SUBSTITUTION PAD_CHAR_TO_FULL_LENGTH
EMPTY_STRING_IS_NULL SIMULTANEOUS_ASSIGNMENT TIME_ROUND_FRACTIONAL TIME_TRUNCATE_FRACTIONAL`

func (r *pass) known(v *ir.SysVar) (string, bool) {
	switch {
	case v.Scope == "global":
		return "", false
	case v.Name == "group_concat_max_len":
		text, ok := r.Settings["group-concat-max-len"]
		return text, ok
	case r.program:
		return "", false
	case v.Name == "autocommit":
		if transactions.Autocommit(r.Session) {
			return "1", true
		}
		return "0", true
	}
	if text, ok := r.strings(switches)[v.Name]; ok {
		return text, true
	}
	return constant(v.Name)
}
