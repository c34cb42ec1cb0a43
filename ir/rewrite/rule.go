// Package rewrite runs the rules that replace what a target cannot express.
//
// A rule removes one construct. It is a struct value in a folder of its own below this one, with its documentation
// and executed examples; package rewrite/rules lists all of them in one place. Rules read the facts that the front end and
// ir/resolve put into the nodes, never the name of a dialect.
package rewrite

import (
	"fmt"
	"sort"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/feature"
	"godwit/ir/op"
	"godwit/ir/source"
	"godwit/ir/types"
)

// Example is a source statement and what the rule makes of it; a test executes it.
type Example struct {
	Setup  string // source DDL that gives names and types, "" if none
	Source string
	Target string       // the target's text
	Policy Policy       // the choices under which it becomes that
	From   dialect.Name // the source's dialect, "" for MySQL
}

// Language is whose procedural code a rule is about.
type Language int

// Languages of procedural code.
const (
	AnyLanguage Language = iota
	PSM                  // SQL/PSM, as MySQL has it
	PLSQL
)

// Rule replaces one construct.
type Rule struct {
	Code     string // two letters and four digits, never reused; also the Origin mark of the nodes it makes
	Name     string // kebab-case, equal to the folder's name
	Doc      string // what the construct means, what it becomes, why; with the manual section
	Examples []Example
	Feature  feature.Feature // the rule runs when the target lacks it; "" always
	Fidelity diag.Fidelity   // the best outcome
	// Findings are the codes that the rule may report, documented.
	Findings []*diag.Code
	// Language restricts the rule to units whose procedural code is of that language.
	Language Language
	// After names rules that must have run before this one, each with the reason.
	After map[string]string
	// Looks are the kinds and traits of nodes that the rule looks for: where a unit has none of them, Prepare and Run change nothing,
	// report nothing and keep nothing in the session, and are left out. Empty, they always run.
	Looks ir.NodeKinds
	// Needed is asked before Run where the rule depends on the session or the policy, or on several kinds at once: false tells that
	// Run would do nothing, and it is left out. It changes nothing. nil for always.
	Needed func(*Pass) bool
	// Prepare looks at a unit before any unit is rewritten, and keeps in the session what statements that refer to the
	// unit's object have to know of it; nil if the rule has no need of that. It changes nothing in the unit.
	Prepare func(*Pass)
	// Run rewrites the pass's unit in place; nil for a rule that only prepares.
	Run func(*Pass)
}

// Policy are the choices of the user where more than one conversion is right.
type Policy struct {
	// Collations: "icu" (case-insensitive text by nondeterministic collations), "citext" (columns of that extension's type, which folds case and
	// nothing else) or "none" (text compares by code point, with a finding).
	Collations string
	// Autocommit: "atomic" (default), "commit" (COMMIT after each write of a procedure) or "auto" (the same where it can stand and the
	// caller has no transaction open).
	Autocommit string
	// ZeroDates: "error" (default: their store is refused), "null", or the date (YYYY-MM-DD, -infinity) that replaces them.
	ZeroDates string
	// RangeChecks adds CHECK constraints for the ranges of narrower or unsigned integers (default true).
	NoRangeChecks bool
	// Spatial: "" (spatial functions are refused, columns kept as bytes) or "postgis" (the extension's type and functions).
	Spatial string
	// Fulltext: "" (MATCH ... AGAINST is refused) or "tsvector" (the target's own full text search, with a finding).
	Fulltext string
	// Autonomous: "" (autonomous transactions of Oracle are refused) or "dblink" (a second connection runs them, by that extension).
	Autonomous string
	// Crypto: "" (DBMS_CRYPTO.ENCRYPT and DECRYPT of Oracle are refused) or "pgcrypto" (that extension does it).
	Crypto string
	// Packages: "" (a package of Oracle is a schema of its name) or "prefix" (its members stand in the schema of its owner, as package_member);
	// the same for the methods of object types.
	Packages string
	// Integers: "narrow" makes columns of whole decimal numbers integers that are wide enough, with a CHECK of their digits; "numeric" keeps
	// them decimals. The default is that of the source: narrow where all numbers are of one type (Oracle).
	Integers string
	// HelperSchema is the schema of helper routines, "godwit_mysql" by default.
	HelperSchema string
}

// Target is what rules ask about the target; the emitter's package implements it.
type Target interface {
	// TypeSQL spells a type for variables, parameters and casts; ok is false if the target has no such type.
	TypeSQL(t types.Type) (sql string, ok bool)
	// ColumnSQL spells the type of a column; limited tells that the column takes numbers of more digits than the source's.
	ColumnSQL(t types.Type) (sql string, limited, ok bool)
	// Collation names the target's collation with the same comparison; deterministic tells that the target compares by code point
	// order of equal bytes (LIKE, regular expressions and substring search work on it). ok is false if there is none.
	Collation(c types.Collation) (name ir.QName, deterministic, ok bool)
	// Spells tells whether the target's function table can print the operation as it stands (no rule needed).
	Spells(o op.Op) bool
	// Immutable tells that calls of a helper routine, or else of a function of the target, always give the same for the same arguments, so
	// that indexes and generated columns may hold it.
	Immutable(helper, function string) bool
	// Fold is the target's name for a name of the source, no longer than the target takes.
	Fold(name string) string
}

// Pass is one run of the rules over one unit.
type Pass struct {
	Unit     *ir.Unit
	Catalog  *catalog.Catalog
	Settings dialect.Settings
	Features feature.Set
	Target   dialect.Version
	Policy   Policy
	Lower    Target
	// Session carries facts from statement to statement.
	Session *Session
	// Parse parses and resolves text that stands inside a statement (a prepared statement's); nil in tests of single rules.
	Parse func(text string, settings dialect.Settings) ([]*ir.Unit, error)
	Rule  *Rule // the rule that is running
	// Alone waits until the units before this one are printed (see Changing); nil where nothing is printed meanwhile.
	Alone func()
	// EveryRule runs the rules that have nothing to look at as well; tests compare the outcome.
	EveryRule bool
	names     int
	kinds     ir.NodeKinds // kinds and traits of the unit's nodes, when looked is set
	looked    bool
	refused   *ir.Unsupported // set by Refuse
	counts    countReads
}

// Report adds a finding of one of the rule's codes at a span.
func (p *Pass) Report(c *diag.Code, span source.Span, format string, args ...any) {
	p.Unit.Report(c.New(span, format, args...))
}

// Fresh makes a name that no other name of the unit made this way has: prefix, prefix_2, ...
func (p *Pass) Fresh(prefix string) string {
	p.names++
	if p.names == 1 {
		return prefix
	}
	return fmt.Sprintf("%s_%d", prefix, p.names)
}

// Helper notes the use of a helper routine and returns the call.
func (p *Pass) Helper(name string, like ir.Expr, args ...ir.Expr) *ir.HelperCall {
	p.Unit.NeedHelper(name)
	h := &ir.HelperCall{Name: name, Args: args}
	if like != nil {
		h.Span = like.Base().Span
		h.Type = like.TypeOf()
	}
	if p.Rule != nil {
		h.Made(p.Rule.Code)
	}
	return h
}

// Changing stands before a change of names in the catalog: units before this one are printed with the old ones.
func (p *Pass) Changing() {
	if p.Alone != nil {
		p.Alone()
	}
}

// Exprs maps every expression of the unit bottom-up.
func (p *Pass) Exprs(f func(ir.Expr) ir.Expr) {
	list := p.Unit.Stmts // a refusal replaces the unit's
	for i, s := range list {
		list[i] = ir.MapExprs(s, f)
	}
	p.Unit.Stmts = list
	p.settle()
}

// Nodes maps every node of the unit bottom-up (see ir.Map).
func (p *Pass) Nodes(f func(ir.Node) ir.Node) { p.nodes(nil, f) }

// Statements is Nodes for statements, declarations and what they stand in: nothing else is mapped or entered.
func (p *Pass) Statements(f func(ir.Node) ir.Node) { p.nodes(ir.HoldsStatements, f) }

func (p *Pass) nodes(enter func(ir.Node) bool, f func(ir.Node) ir.Node) {
	p.Unit.Stmts = ir.MapStmts(p.Unit.Stmts, enter, f)
	p.settle() // a refusal replaces the unit's
}

// Order sorts the rules so that After holds, by code where it leaves a choice; a cycle or an unknown name is an error.
func Order(rules []*Rule) ([]*Rule, error) {
	byName := map[string]*Rule{}
	for _, r := range rules {
		if byName[r.Name] != nil {
			return nil, fmt.Errorf("order rules: two rules are called %q", r.Name)
		}
		byName[r.Name] = r
	}
	sorted := append([]*Rule(nil), rules...)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].Code < sorted[j].Code })
	var out []*Rule
	state := map[string]int{}
	var visit func(r *Rule) error
	visit = func(r *Rule) error {
		switch state[r.Name] {
		case 1:
			return fmt.Errorf("order rules: a cycle through %q", r.Name)
		case 2:
			return nil
		}
		state[r.Name] = 1
		for _, n := range afterNames(r) {
			dep := byName[n]
			if dep == nil {
				return fmt.Errorf("order rules: %q comes after unknown rule %q", r.Name, n)
			}
			if err := visit(dep); err != nil {
				return err
			}
		}
		state[r.Name] = 2
		out = append(out, r)
		return nil
	}
	for _, r := range sorted {
		if err := visit(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func afterNames(r *Rule) []string {
	names := make([]string, 0, len(r.After))
	for n := range r.After {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}
