// Package information holds the rule for functions that tell about the session, lock by name, or wait.
package information

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "FN0420"

var (
	refused = &diag.Code{
		ID: "FN0421", Title: "function about the server that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: `The function tells about the server's own state (replication, collation ranks, roles, numbers of rows while they are read, identifiers of the server) or measures it, which has no counterpart on
PostgreSQL (MySQL Reference Manual, "Information Functions" and "Miscellaneous Functions").`,
		Next: "find out what the code needs the value for, and write that part by hand", Learn: 0.5, Each: 0.5,
	}
	account = &diag.Code{
		ID: "FN0422", Title: "account without its host", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  `USER() and CURRENT_USER() are name@host (MySQL Reference Manual, "Information Functions"); PostgreSQL's roles have no host, so that the converted code gives the name alone.`,
		Next: "check that nobody compares the value with an account of the source", Learn: 0.1, Each: 0.1,
	}
	version = &diag.Code{
		ID: "FN0423", Title: "version of the server", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  `VERSION() tells the version of the server that runs the code: PostgreSQL's after the move (MySQL Reference Manual, "Information Functions").`,
		Next: "check what depends on the version", Each: 0.1,
	}
	sourceNames = &diag.Code{
		ID: "FN0424", Title: "charset or collation by the source's name", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `CHARSET() and COLLATION() become the names that the source has for its types (MySQL Reference Manual, "Information Functions").`,
	}
	randomUUID = &diag.Code{
		ID: "FN0425", Title: "random instead of time-based identifiers", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `UUID() makes identifiers of version 1 from the time and the machine (MySQL Reference Manual, "Miscellaneous Functions"); gen_random_uuid makes random ones of version 4. Assumed:
nobody reads the time out of them.`,
	}
	namedLock = &diag.Code{
		ID: "FN0426", Title: "named locks as advisory locks", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `Named locks become advisory locks of the session under a 64-bit hash of the name (MySQL Reference Manual, "Locking Functions"; PostgreSQL manual, "Advisory Locks"). Assumed: no two
names in use have one hash, and no other code takes advisory locks.`,
	}
)

// Rule is FN0420.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "information-functions",
		Doc: `Functions about the session, locks and identifiers (MySQL Reference Manual, "Information Functions", "Locking Functions" and "Miscellaneous Functions"). DATABASE() is
current_schema(), for a database of the source is a schema of the target; accounts lose their host; named locks become advisory locks of the session; SLEEP waits and gives 0.
What tells about the source's server is refused.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{
			{
				Source: "SELECT DATABASE() AS a, CONNECTION_ID() AS b, CURRENT_USER() AS c;",
				Target: "SELECT current_schema() AS a, pg_backend_pid() AS b, current_user::text AS c;",
			},
			{
				Source: "SELECT GET_LOCK('job', 5) AS l, RELEASE_LOCK('job') AS r, SLEEP(0.1) AS s;",
				Target: "SELECT godwit_mysql.get_lock('job', 5) AS l, godwit_mysql.release_lock('job') AS r, godwit_mysql.sleep(0.1) AS s;",
			},
		},
		Findings: []*diag.Code{refused, account, version, sourceNames, randomUUID, namedLock},
		Looks:    ir.Kinds(ir.CallsInfo, ir.CallsCode),
		Run: func(p *rewrite.Pass) {
			l := &lowering{p}
			p.Exprs(func(e ir.Expr) ir.Expr {
				if c, ok := e.(*ir.Call); ok {
					return l.call(c)
				}
				return e
			})
		},
	}
}

// Version is the number of the target's version in place of the source's.
func Version(p *rewrite.Pass, e ir.Expr) ir.Expr {
	p.Report(version, e.Base().Span, "VERSION() tells the version of PostgreSQL")
	t := e.TypeOf()
	return build.Call("split_part", e, t, code, build.Call("current_setting", e, t, code, build.Text("server_version")), build.Text(" "), build.Int(1))
}

type lowering struct{ p *rewrite.Pass }

func (l *lowering) call(e *ir.Call) ir.Expr {
	switch e.Op {
	case op.SessionUser:
		return l.user(e, "session_user")
	case op.CurrentUser:
		return l.user(e, "current_user")
	case op.Version:
		return Version(l.p, e)
	case op.CharsetOf, op.CollationOf:
		return l.named(e)
	case op.Sleep:
		return l.p.Helper("sleep", e, e.Args...)
	case op.GetLock:
		return l.lock(e, "get_lock")
	case op.ReleaseLock:
		return l.lock(e, "release_lock")
	case op.IsFreeLock:
		return l.lock(e, "is_free_lock")
	case op.IsUsedLock:
		return l.lock(e, "lock_holder")
	case op.UUID:
		l.p.Report(randomUUID, e.Span, "UUID() makes random identifiers")
		return build.As(build.Call("gen_random_uuid", e, types.UUID{}, code), "text", e.Type, code)
	case op.Coercibility, op.Benchmark, op.ReleaseLocks, op.Replication, op.RowNumber0, op.CurrentRole, op.UUIDShort:
		name := e.Name
		if name == "" {
			name = string(e.Op)
		}
		rewrite.Refuse(l.p, refused, e.Span, "the function %s is not converted", name)
	}
	return e
}

func (l *lowering) user(e *ir.Call, name string) ir.Expr {
	l.p.Report(account, e.Span, "%s is a role's name without a host", strings.ToUpper(name))
	return build.As(build.Call(name, e, e.Type, code), "text", e.Type, code)
}

func (l *lowering) lock(e *ir.Call, helper string) ir.Expr {
	l.p.Report(namedLock, e.Span, "%s uses advisory locks", e.Name)
	return l.p.Helper(helper, e, e.Args...)
}

// named is the charset or collation of a type as the source names it.
func (l *lowering) named(e *ir.Call) ir.Expr {
	charset, collation := "", ""
	switch t := e.Args[0].TypeOf().(type) {
	case types.Text:
		charset, collation = t.Charset, t.Collation.Name
	case types.Enum:
		charset, collation = t.Charset, t.Collation.Name
	case types.Set:
		charset, collation = t.Charset, t.Collation.Name
	case types.Binary, types.Int, types.Decimal, types.Float, types.Date, types.DateTime, types.Timestamp, types.Time, types.Year, types.Null, types.Bit:
		charset, collation = "binary", "binary"
	}
	s := collation
	if e.Op == op.CharsetOf {
		s = charset
	}
	if s == "" {
		rewrite.Refuse(l.p, refused, e.Span, "%s of a value of this type is not converted", e.Name)
		return e
	}
	l.p.Report(sourceNames, e.Span, "%s gives %s", e.Name, s)
	return build.Make(&ir.String{Value: s}, e, e.Type, code)
}
