// Package godwit converts schemas, queries and procedural code between database dialects.
//
// Convert takes whole scripts and gives one text per object, Translate takes statements as they come in a session.
// Both run the same pipeline: parse, resolve, rules, verify, emit, and parse again with the target's own grammar.
// Every statement ends exact, assumed, approximate or refused, and each of the last three has a finding that says why.
package godwit

import (
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"godwit/emit/postgres"
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/feature"
	"godwit/ir/resolve"
	"godwit/ir/resolve/plsql"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/rules"
	"godwit/ir/rewrite/systemtables"
	"godwit/ir/source"
	"godwit/parser"
	"godwit/parser/scan"
)

// Options choose source, target and what is left to the user.
type Options struct {
	From      dialect.Name
	To        dialect.Name
	ToVersion int // major version, 0 for the oldest supported
	// Settings of the source that change meaning: sql-mode, collation, time-zone, ... (see docs).
	Settings dialect.Settings
	// Catalog are scripts that give names and types and are not converted.
	Catalog []*source.File
	// Schema is the database that unqualified names are in, "" for none.
	Schema string
	// Charset of the input files: "" or "utf-8", "latin1".
	Charset string
	// Found are findings about how the input was read; they stand with those of no unit.
	Found diag.List
	// Include reads the scripts that others call (see scan.Options); nil: none is read.
	Include func(from, name string, beside bool) (*source.File, error)
	Policy  rewrite.Policy
	// Profile tells which NUMBER columns of Oracle without digits hold whole numbers, and become bigint; nil: none does.
	Profile   *Profile
	LineWidth int
	// BeforeRows is called by ConvertFolder, if not nil, when all is converted but the rows, which are not kept, if there are any.
	BeforeRows func()
	everyRule  bool // no rule is left out (see rewrite.Rule.Looks), for tests
	chunk      int  // bytes of a script that ConvertFolder reads at a time, for tests
	again      bool // ConvertFolder reads a script a second time however few its rows are, for tests
	// shortFrom is from how many bytes of rows on ConvertFolder takes the short path for them (see rows.go), for tests; 0 for the
	// default, less than 0 for never.
	shortFrom int
	tookShort *int // counts the statements that took it, for tests
	// apartFrom is from how many units on those that are apart are resolved side by side (see resolveAll), for tests; 0 for the default,
	// less than 0 for never.
	apartFrom int
}

// Unit is one source statement with what became of it.
type Unit struct {
	*ir.Unit
	Status  diag.Fidelity
	Outputs []postgres.Output
	// Text is the statement's text in the source.
	Text string
	// Source tells where it came from: the unit's span before rules.
	Source source.Span
	// again tells that it drops a database that the script has made, or makes it again.
	again bool
	// idle tells that it deletes the rows of a table that has none yet.
	idle bool
	// rows tells that the unit inserts rows of constants, into the table that they go to.
	rows bool
	into *ir.TableRef
	// commits tells that the unit ends a transaction.
	commits bool
	// tree is what a package or type body was parsed to, less what was taken out of it, and left the findings about that (see members.go).
	tree ir.Stmt
	// objectType is the definition of an object type that the unit is, nil for others (see methods.go).
	objectType *ir.ObjectType
	resolved   bool             // names of the unit are bound, others may be bound to it
	members    *membersOf       // what the declarations of a package have made
	routine    *catalog.Routine // what a routine that stands alone was declared as last
	left       []diag.Finding
	lead       int // how many comments stood in front of it
	// inner are the definitions that programs of the unit execute as texts, defines what they hand over to those (see executed.go).
	inner   []*Unit
	defines *ir.Definition
	made    ir.Stmt // the definition as it was parsed
	busy    bool    // a block does more than to define
	// reads are the tables and views that the unit's views read, whose queries it has let go of (see shed.go).
	reads map[*ir.CreateView][]*catalog.Table
}

// Conversion is the result of Convert and Translate.
type Conversion struct {
	Options Options
	Units   []*Unit
	Catalog *catalog.Catalog
	// General are findings that belong to no unit.
	General diag.List
	// Helpers are the names of the helper routines that are used, in order.
	Helpers []string
	// HelperScript creates them; "" if none is used.
	HelperScript string
	// RowsLeft counts statements with rows of constants by what became of them that are not among the units (see ConvertFolder).
	RowsLeft [diag.Refused + 1]int
	fold     func(string) string // the target's name for a name of the source
	// rowHelpers are the helper routines that rows use which are not kept.
	rowHelpers map[string]bool
	turned     bool // the script is kept in its order (see turns.go)
}

// SupportedVersions are the major versions of PostgreSQL that can be emitted for.
var SupportedVersions = []int{15, 16, 17, 18}

// internalError is what a panic of ours becomes.
var internalError = &diag.Code{
	ID: "SY0200", Title: "Internal error while converting", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "The converter failed on this statement. Nothing of it was emitted; all other statements went on.",
	Next: "Report it with the statement; convert this one by hand meanwhile.",
	Each: 2,
}

// notExpressible is a node that the target cannot express and that no rule replaced.
var notExpressible = &diag.Code{
	ID: "SY0201", Title: "Construct without a conversion", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "No rule converts this construct for the target, and the target cannot express it as it stands. The final check of the pipeline refuses the statement rather than guess.",
	Next: "Convert this statement by hand, or report the construct.",
	Each: 2,
}

// pipeline holds what all units of one conversion share.
type pipeline struct {
	opt      Options
	cat      *catalog.Catalog
	res      resolve.Binder
	executed executedDeclarer // the same, nil where programs execute no definitions
	emitter  *postgres.Emitter
	rules    []*rewrite.Rule
	features feature.Set
	session  *rewrite.Session
	static   *statics // constants of packages of the input
	makers   makers   // of names beside prefixed packages
	// dependents are refused with the objects that they need.
	dependents *dependents
	// alone waits until all units before are printed; nil where they are printed one by one.
	alone func()
	// sheds lets go of the trees of units that are printed.
	sheds bool
}

func newPipeline(opt Options) (*pipeline, error) {
	cat := catalog.New(opt.Schema)
	source, err := parser.Resolver(opt.From, cat)
	if err != nil {
		return nil, err
	}
	if opt.To != dialect.Postgres {
		return nil, fmt.Errorf("target dialect %q is not supported; use --to postgres", opt.To)
	}
	if opt.ToVersion == 0 {
		opt.ToVersion = SupportedVersions[0]
	}
	if err := checkVersion(opt.ToVersion); err != nil {
		return nil, err
	}
	if opt.Settings == nil {
		opt.Settings = dialect.Settings{}
	}
	if opt.Policy.HelperSchema == "" {
		opt.Policy.HelperSchema = "godwit_" + source.Helpers
	}
	if opt.Policy.Integers == "" {
		opt.Policy.Integers = source.Integers
	}
	ordered, err := rewrite.Order(rules.All())
	if err != nil {
		return nil, err
	}
	systemtables.Name(source.SystemTables, opt.Policy.HelperSchema)
	p := &pipeline{
		opt: opt, cat: cat,
		res:      source.Binder,
		emitter:  postgres.New(postgres.Options{Version: opt.ToVersion, LineWidth: opt.LineWidth, Family: source.Helpers, Integers: opt.Policy.Integers, HelperSchema: opt.Policy.HelperSchema, Collations: opt.Policy.Collations, Spatial: opt.Policy.Spatial, Packages: opt.Policy.Packages}),
		rules:    ordered,
		features: feature.Of(opt.To, dialect.Version{Major: opt.ToVersion}),
		session:  rewrite.NewSession(),

		dependents: newDependents(cat),
	}
	p.executed, _ = p.res.(executedDeclarer)
	if r, ok := p.res.(*plsql.Resolver); ok {
		if opt.Profile != nil {
			r.Profiled = opt.Profile.whole
		}
	}
	if r, ok := p.res.(*resolve.Resolver); ok {
		r.Spatial = opt.Policy.Spatial == "postgis"
	}
	return p, nil
}

func checkVersion(v int) error {
	for _, s := range SupportedVersions {
		if s == v {
			return nil
		}
	}
	return fmt.Errorf("PostgreSQL %d is not supported; use one of %v", v, SupportedVersions)
}

func (p *pipeline) scanOptions(s dialect.Settings) scan.Options {
	o := scan.Options{Dialect: p.opt.From, Schema: p.opt.Schema, Settings: s, Charset: p.opt.Charset, Include: p.opt.Include}
	if p.static != nil {
		o.Static = p.static.value
	}
	return o
}

// parse reads files into units.
func (p *pipeline) parse(files []*source.File) ([]*Unit, error) {
	var out []*Unit
	for _, f := range files {
		us, err := parser.Parse(f, p.scanOptions(p.opt.Settings))
		if err != nil {
			return nil, fmt.Errorf("parse %s: %w", f.Name, err)
		}
		for _, u := range us {
			out = append(out, newUnit(u))
		}
	}
	return out, nil
}

func newUnit(u *ir.Unit) *Unit {
	out := &Unit{Unit: u, Text: u.Span.Text(), Source: u.Span}
	if in, ok := u.Stmts[0].(*ir.Insert); ok && u.Rows {
		out.rows, out.into = true, in.Table
	}
	return out
}

// guard runs one step for a unit; a panic of ours refuses the unit and the others go on.
func (p *pipeline) guard(u *Unit, step string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fd := internalError.New(u.Source, "%s: %v", step, r)
			fd.Message += " at " + panicPlace()
			u.Report(fd)
			p.refuse(u, internalError.ID, "internal error")
		}
	}()
	f()
}

// panicPlace is the innermost frame of this module below the panic.
func panicPlace() string {
	lines := strings.Split(string(debug.Stack()), "\n")
	seen := false
	for _, l := range lines {
		l = strings.TrimSpace(l)
		if strings.HasPrefix(l, "panic(") {
			seen = true
			continue
		}
		if seen && strings.HasPrefix(l, "godwit/") {
			if i := strings.LastIndexByte(l, '('); i > 0 {
				return l[:i]
			}
		}
	}
	return "an unknown place"
}

func (p *pipeline) refuse(u *Unit, code, what string) {
	s := &ir.Unsupported{Text: u.Text, Code: code, What: what}
	s.Span = u.Source
	u.Stmts = []ir.Stmt{s}
	u.Outputs = nil
}

// expandAll puts prepared statements in place of EXECUTE.
func (p *pipeline) expandAll(us []*Unit) {
	d := p.newDynamic()
	for _, u := range us {
		p.guard(u, "expand", func() { d.expand(u) })
	}
}

// expandBuiltAll does the same for texts that routines build, as far as the catalog tells what they can be.
func (p *pipeline) expandBuiltAll(us []*Unit) {
	for _, u := range us {
		p.guard(u, "expand", func() { p.expandBuilt(u) })
	}
}

// declareAll enters the objects of all units; used when a script is taken as a whole.
func (p *pipeline) declareAll(us []*Unit) {
	p.reserve(us)
	for _, u := range bodiesLast(us) {
		p.guard(u, "declare", func() {
			p.limit(u)
			u.keepTree(p.opt.From == dialect.Oracle)
			p.res.Declare(u.Unit)
			u.declaredAlone()
			if u.tree != nil {
				u.members = packageMembers(u)
				p.told(u) // what the parser has refused is taken out before anything refers to it
			}
			p.withoutFailures(u, func() {})
			p.withoutMethods(u, func() { p.guard(u, "declare", func() { p.res.Declare(u.Unit) }) })
			p.dependents.declared(u)
		})
	}
	p.declareInner(us)
}

// bodiesLast moves the bodies of packages and types behind all else: what they implement may stand in a later file.
func bodiesLast(us []*Unit) []*Unit {
	isBody := func(u *Unit) bool {
		if len(u.Stmts) != 1 {
			return false
		}
		switch s := u.Stmts[0].(type) {
		case *ir.Package:
			return s.Body
		case *ir.TypeBody:
			return true
		}
		return false
	}
	if !slices.ContainsFunc(us, isBody) {
		return us
	}
	var first, last []*Unit
	for _, u := range us {
		if isBody(u) {
			last = append(last, u)
		} else {
			first = append(first, u)
		}
	}
	return append(first, last...)
}

// pass is a run of the rules over one unit.
func (p *pipeline) pass(u *Unit) *rewrite.Pass {
	pass := &rewrite.Pass{
		Unit: u.Unit, Catalog: p.cat, Settings: u.Settings, Features: p.features,
		Target: dialect.Version{Major: p.opt.ToVersion}, Policy: p.opt.Policy, Lower: p.emitter, Session: p.session,
		Parse: p.parseInner, Alone: p.alone, EveryRule: p.opt.everyRule,
	}
	if pass.Settings == nil {
		pass.Settings = p.opt.Settings
	}
	return pass
}

// prepare lets the rules see units before the first of them is rewritten.
func (p *pipeline) prepare(us []*Unit) {
	for _, u := range us {
		p.guard(u, "prepare", func() { rewrite.Prepare(p.pass(u), p.rules) })
	}
}

// parseInner parses and resolves a statement that was found in a string (a prepared statement).
func (p *pipeline) parseInner(text string, settings dialect.Settings) ([]*ir.Unit, error) {
	us, err := parser.Parse(source.NewFile("prepared statement", text), p.scanOptions(settings))
	if err != nil {
		return nil, err
	}
	for _, u := range us {
		for _, s := range u.Stmts {
			if why := excess(s); why != "" {
				return nil, fmt.Errorf("parse prepared statement: %s", why)
			}
		}
		p.res.Resolve(u)
	}
	return us, nil
}

func isRefused(u *ir.Unit) bool {
	for _, s := range u.Stmts {
		if _, ok := s.(*ir.Unsupported); ok {
			return true
		}
	}
	return false
}

// verify proves that only nodes which the target can express are left.
func (p *pipeline) verify(u *Unit) {
	if isRefused(u.Unit) {
		return
	}
	bad := ir.Verify(u.Unit, p.emitter.Expressible)
	if len(bad) == 0 {
		return
	}
	seen := map[string]bool{}
	for _, v := range bad {
		if seen[v.Why] {
			continue
		}
		seen[v.Why] = true
		sp := v.Node.Base().Span
		if !sp.IsValid() {
			sp = u.Source
		}
		u.Report(notExpressible.New(sp, "%s", v.Why))
	}
	p.refuse(u, notExpressible.ID, "no conversion")
}

// helpers fills the conversion's helper script.
func (c *Conversion) helpers(p *pipeline) error {
	used := map[string]bool{}
	for n := range c.rowHelpers {
		used[n] = true
	}
	for _, u := range c.Units {
		for n := range u.Helpers {
			if u.Status != diag.Refused {
				used[n] = true
			}
		}
	}
	c.Helpers = sortedKeys(used)
	if len(c.Helpers) == 0 {
		return nil
	}
	var err error
	c.HelperScript, err = p.emitter.HelperScript(c.Helpers)
	return err
}

// Convert converts scripts as a whole: names may be used before the statement that makes them. Rows of constants are converted when
// all else is, as ConvertFolder does, which does not keep them.
func Convert(files []*source.File, opt Options) (*Conversion, error) {
	p, err := newPipeline(opt)
	if err != nil {
		return nil, err
	}
	p.knowStatics(filesAsScripts(files))
	if err := p.loadCatalog(); err != nil {
		return nil, err
	}
	units, err := p.parse(files)
	if err != nil {
		return nil, err
	}
	units = p.decideAll(p.ordered(units, files))
	c := &Conversion{Options: p.opt, General: slices.Clone(p.opt.Found), Units: units, Catalog: p.cat, fold: p.emitter.Fold}
	d := newDump(p, c)
	if d.turn, d.turnWhy = p.inTurn(units, nil); d.turn != nil || slices.ContainsFunc(units, func(u *Unit) bool { return renames(u.Unit) }) {
		inOrder(units)
	}
	var rows [][]*Unit // by the definition that they stand before
	for _, u := range units {
		if u.rows {
			d.sawRows()
			for len(rows) <= len(d.units) {
				rows = append(rows, nil)
			}
			rows[len(d.units)] = append(rows[len(d.units)], u)
			continue
		}
		d.units = append(d.units, u)
	}
	if d.definitions(); d.turn != nil {
		c.Units = d.units // which may have another order
	}
	for i, us := range rows {
		d.begin(i)
		for len(us) > 0 {
			n := min(len(us), maxBatch)
			d.rows(us[:n])
			us = us[n:]
		}
	}
	d.finish()
	return c, c.helpers(p)
}

// inOrder lets rows be statements like all others.
func inOrder(units []*Unit) {
	for _, u := range units {
		u.rows = false
	}
}

// script shows the rules the whole script.
func (p *pipeline) script(units []*Unit) {
	p.session.Script = make([]*ir.Unit, len(units))
	for i, u := range units {
		p.session.Script[i] = u.Unit
	}
}

func (p *pipeline) loadCatalog() error {
	_, err := p.catalogUnits()
	return err
}

func (p *pipeline) catalogUnits() ([]*Unit, error) {
	units, err := p.parse(p.opt.Catalog)
	if err != nil {
		return nil, err
	}
	units = p.decideAll(units)
	if turn, _ := p.inTurn(units, nil); turn != nil {
		units = programsLast(units)
		inOrder(units)
		p.eachInTurn(&Conversion{}, units, p.newLaterForms(nil))
		p.session.Renew()
		p.res.Renew()
		return units, nil
	}
	lastTypes(units)
	p.expandAll(units)
	p.lastNames(units)
	p.lastColumns(units)
	p.viewStars(units)
	p.once(units)
	p.declareAll(units)
	p.expandBuiltAll(units)
	p.emitter.AssignNames(p.cat)
	p.resolveAll(units)
	p.emitter.AssignNames(p.cat)
	// The rules see the catalog's units as well: they give routines their form on the target.
	p.prepare(units)
	p.script(units)
	p.lowerAll(units, nil)
	// The statements that follow are of another session.
	p.session.Renew()
	p.res.Renew()
	return units, nil
}
