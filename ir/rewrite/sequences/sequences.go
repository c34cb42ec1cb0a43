// Package sequences lowers MariaDB's sequences.
package sequences

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/identity"
	"godwit/ir/types"
)

var previousValue = &diag.Code{
	ID: "DD0311", Title: "previous value of a sequence that was not used in the session", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "LASTVAL and PREVIOUS VALUE FOR are NULL before the session has used the sequence; currval of the target raises an error then.",
	Next: "Use the sequence before asking for its last value.",
}

var setRound = &diag.Code{
	ID: "DD0312", Title: "SETVAL in a way that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "SETVAL with a round counts the runs of a cycling sequence (MariaDB Knowledge Base, SETVAL), which PostgreSQL does not, and SETVAL without one has no effect on a cycling sequence that has begun anew, unless the sequence was just made; a sequence that is not known has no number of its own.",
	Next: "Leave the round out, and give the converter the definition of the sequence.",
}

var noIncrement = &diag.Code{
	ID: "DD0316", Title: "sequence with INCREMENT 0", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "INCREMENT 0 takes the increment of the variable auto_increment_increment at each call (MariaDB Knowledge Base, CREATE SEQUENCE); the target's sequences have an increment of their own.",
	Next: "Name the increment.", Each: 0.1,
}

var tooFar = &diag.Code{
	ID: "PL0560", Title: "sequence that starts beyond the target's numbers", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "Oracle's sequences have 28 digits, those of the target the range of bigint. Bounds beyond that range fall away; a sequence that starts there, or steps that far, cannot be made.",
	Next: "Start the sequence within -9223372036854775808 and 9223372036854775807.", Each: 0.1,
}

var cached = &diag.Code{
	ID: "DD0317", Title: "numbers that the source holds in its cache", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: "ALTER SEQUENCE throws away the numbers that the source has fetched ahead (1000 unless CACHE says otherwise) and goes on behind them. The target fetches none ahead and goes on with the next number " +
		"(MariaDB Knowledge Base, ALTER SEQUENCE).",
	Next: "Add RESTART where the next number matters.",
}

// named is the name of a sequence on the target. It says the schema: whoever applies a converted folder may look elsewhere first.
func named(p *rewrite.Pass, q ir.QName) ir.QName {
	out := q
	switch c := p.Catalog.Sequence(q.Schema(), q.Name()); {
	case c != nil && c.Target != "":
		out = ir.Qualified(c.TargetSchema, c.Target)
	case q.Schema() == "": // it has another name at the end of the script
		out = ir.Qualified(p.Unit.Schema, q.Name())
	}
	out.Span = q.Span
	return out
}

// alter lowers ALTER SEQUENCE.
func alter(p *rewrite.Pass, s *ir.CreateSequence) ir.Node {
	if !s.NoMin && s.Min != "" || !s.NoMax && s.Max != "" {
		lo, hi := s.Min, s.Max
		identity.Clip(s)
		s.NoMin, s.NoMax = s.NoMin || s.Min != lo, s.NoMax || s.Max != hi
	}
	if s.Restart == "" {
		p.Report(cached, s.Span, "sequence %s", s.Name)
	}
	if s.Increment+s.Min+s.Max+s.Start+s.Restart == "" && !s.Cycle && !s.NoCycle && !s.NoMin && !s.NoMax {
		c := &ir.CommentStmt{Text: "nothing to do: " + s.Span.Text()}
		c.Span = s.Span
		return c
	}
	return s
}

// Rule lowers sequences.
var Rule = &rewrite.Rule{
	Code: "DD0310",
	Name: "sequences",
	Doc: "CREATE SEQUENCE keeps start, increment, bounds and cycle. The default cache of 1000 numbers falls away: it is about speed, and leaves gaps after a restart " +
		"(MariaDB Knowledge Base, CREATE SEQUENCE; PostgreSQL manual, CREATE SEQUENCE). ALTER SEQUENCE keeps its options; RENAME TABLE renames sequences too.",
	Examples: []rewrite.Example{{
		Source: "CREATE SEQUENCE s START WITH 100 INCREMENT BY 10",
		Target: "CREATE SEQUENCE s INCREMENT BY 10 START WITH 100",
	}},
	Fidelity: diag.Exact,
	Findings: []*diag.Code{previousValue, setRound, noIncrement, cached, tooFar},
	Looks:    ir.Kinds(ir.KindNextValue, ir.KindCreateSequence),
	Run:      run,
}

// set is SETVAL: it never sets a sequence back, and is NULL then.
func set(p *rewrite.Pass, s *ir.NextValue) ir.Node {
	if len(s.Set) > 2 || s.Ref == nil || s.Ref.Cycle && !fresh(p)[key(s.Sequence)] {
		rewrite.Refuse(p, setRound, s.Span, "SETVAL of %s", s.Sequence)
		return s
	}
	used := ir.Expr(build.Make(&ir.Bool{Value: true}, s, types.Bool{}, ""))
	if len(s.Set) > 1 {
		used = build.Compare(ir.Ne, s.Set[1], build.Int(0), s, p.Rule.Code)
		if zero, known := build.IsZero(s.Set[1]); known {
			used = build.Make(&ir.Bool{Value: !zero}, s, types.Bool{}, "")
		}
	}
	schema, object := s.Ref.TargetSchema, s.Ref.Target
	if object == "" {
		schema, object = s.Sequence.Schema(), s.Sequence.Name()
	}
	q := quoted(object)
	if schema != "" {
		q = quoted(schema) + "." + q
	}
	return p.Helper("set_sequence", s, build.Text(q), s.Set[0], used)
}

// fresh are the sequences that the script has made and not used yet: they have not begun anew.
func fresh(p *rewrite.Pass) map[string]bool {
	if p.Session == nil {
		return map[string]bool{}
	}
	m, _ := p.Session.Values["sequences:fresh"].(map[string]bool)
	if m == nil {
		m = map[string]bool{}
		p.Session.Values["sequences:fresh"] = m
	}
	return m
}

func key(q ir.QName) string { return strings.ToLower(q.Schema() + "\x00" + q.Name()) }

// quoted is a name as the target reads it in a text.
func quoted(s string) string {
	for i, r := range s {
		if r != '_' && (r < 'a' || r > 'z') && (i == 0 || r < '0' || r > '9') {
			return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
	}
	return s
}

func run(p *rewrite.Pass) {
	p.Nodes(func(n ir.Node) ir.Node {
		switch s := n.(type) {
		case *ir.NextValue:
			if s.Previous {
				p.Report(previousValue, s.Span, "sequence %s", s.Sequence)
			}
			if len(s.Set) > 0 {
				return set(p, s)
			}
			delete(fresh(p), key(s.Sequence))
		case *ir.CreateSequence:
			if s.Increment == "0" {
				rewrite.Refuse(p, noIncrement, s.Span, "sequence %s", s.Name)
				return s
			}
			if identity.Beyond(s.Start) || identity.Beyond(s.Increment) || identity.Beyond(s.Restart) {
				rewrite.Refuse(p, tooFar, s.Span, "sequence %s", s.Name)
				return s
			}
			s.Cache, s.NoCache = "", false
			fresh(p)[key(s.Name)] = !s.Alter && !s.IfNotExists
			if !s.Temp {
				s.Name = named(p, s.Name)
			}
			if s.Alter {
				return alter(p, s)
			}
			identity.Clip(s)
			if s.OrReplace {
				s.OrReplace = false
				d := &ir.Drop{Kind: "sequence", IfExists: true, Names: []ir.QName{s.Name}}
				d.Span = s.Span
				d.Made(p.Rule.Code)
				return &ir.Splice{Stmts: []ir.Stmt{d, s}}
			}
		}
		return n
	})
}
