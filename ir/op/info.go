package op

import "godwit/ir/types"

// Operations about the session, and those that lock or wait.
const (
	CurrentSchema Op = "info.schema"
	SessionUser   Op = "info.session_user"
	CurrentUser   Op = "info.current_user"
	CurrentRole   Op = "info.current_role"
	Version       Op = "info.version"
	ConnectionID  Op = "info.connection_id"
	LastInsertID  Op = "info.last_insert_id"
	RowCount      Op = "info.row_count"
	FoundRows     Op = "info.found_rows"
	CharsetOf     Op = "info.charset"
	CollationOf   Op = "info.collation"
	Coercibility  Op = "info.coercibility"
	Benchmark     Op = "info.benchmark"
	Sleep         Op = "info.sleep"
	GetLock       Op = "info.get_lock"
	ReleaseLock   Op = "info.release_lock"
	ReleaseLocks  Op = "info.release_all_locks"
	IsFreeLock    Op = "info.is_free_lock"
	IsUsedLock    Op = "info.is_used_lock"
	NameConst     Op = "info.name_const"
	Replication   Op = "info.replication"
	RowNumber0    Op = "info.rownum"
)

func infoOps() []Info {
	a, t, n := AnyArg, TextArg, NumberArg
	in, big := fixed(intResult), fixed(bigResult)
	name := fixed(text(64))
	return []Info{
		{Op: CurrentSchema, Nulls: NullOwn, Volatility: Stable, result: name, Doc: "The default schema; NULL when there is none."},
		{Op: SessionUser, Nulls: NullOwn, Volatility: Stable, result: fixed(text(288)), Doc: "The user as the client named it, with its host: name@host."},
		{Op: CurrentUser, Nulls: NullOwn, Volatility: Stable, result: fixed(text(288)), Doc: "The account whose rights count: name@host."},
		{Op: CurrentRole, Nulls: NullOwn, Volatility: Stable, result: name, Doc: "The active roles."},
		{Op: Version, Nulls: NullNever, Volatility: Stable, result: name, Doc: "The version of the server."},
		{Op: ConnectionID, Nulls: NullNever, Volatility: Stable, result: big, Doc: "The number of the session."},
		{Op: LastInsertID, Max: 1, Args: []ArgClass{IntArg}, Nulls: NullOwn, Volatility: Volatile, result: fixed(types.Int{Bits: 64, Unsigned: true}), Doc: "The first number that the last successful INSERT of the session generated; with an argument it is set and returned."},
		{Op: RowCount, Nulls: NullNever, Volatility: Volatile, result: big, Doc: "Rows that the statement before changed; -1 after a query."},
		{Op: FoundRows, Nulls: NullNever, Volatility: Volatile, result: big, Doc: "Rows that the query before returned, without its LIMIT if it asked for SQL_CALC_FOUND_ROWS."},
		{Op: CharsetOf, Min: 1, Max: 1, Args: []ArgClass{a}, Nulls: NullNever, result: name, Doc: "The charset of the value."},
		{Op: CollationOf, Min: 1, Max: 1, Args: []ArgClass{a}, Nulls: NullNever, result: name, Doc: "The collation of the value."},
		{Op: Coercibility, Min: 1, Max: 1, Args: []ArgClass{a}, Nulls: NullNever, result: in, Doc: "The rank of the value's collation."},
		{Op: Benchmark, Min: 2, Max: 2, Args: []ArgClass{IntArg, a}, Nulls: NullOwn, Volatility: Volatile, CanRaise: true, result: in, Doc: "Evaluates an expression many times; 0. Not converted."},
		{Op: Sleep, Min: 1, Max: 1, Args: []ArgClass{n}, Nulls: NullOwn, Volatility: Volatile, CanRaise: true, result: in, Doc: "Waits so many seconds; 0."},
		{Op: GetLock, Min: 2, Max: 2, Args: []ArgClass{t, n}, Nulls: NullOwn, Volatility: Volatile, CanRaise: true, result: in, Doc: "Takes a named lock of the session: 1, 0 when the time ran out, NULL on an error."},
		{Op: ReleaseLock, Min: 1, Max: 1, Args: []ArgClass{t}, Nulls: NullOwn, Volatility: Volatile, result: in, Doc: "Releases a named lock: 1, 0 when another session has it, NULL when nobody has."},
		{Op: ReleaseLocks, Volatility: Volatile, result: in, Doc: "Releases all named locks of the session and returns how many there were."},
		{Op: IsFreeLock, Min: 1, Max: 1, Args: []ArgClass{t}, Nulls: NullOwn, Volatility: Volatile, result: in, Doc: "1 when nobody has the named lock."},
		{Op: IsUsedLock, Min: 1, Max: 1, Args: []ArgClass{t}, Nulls: NullOwn, Volatility: Volatile, result: big, Doc: "The session that has the named lock, NULL when nobody has."},
		{Op: NameConst, Min: 2, Max: 2, Args: []ArgClass{a}, Nulls: NullOwn, result: like(1), Doc: "The second argument, as a column named by the first."},
		{Op: Replication, Max: -1, Args: []ArgClass{a}, Nulls: NullOwn, Volatility: Volatile, CanRaise: true, Doc: "Functions about replication and GTIDs; not converted."},
		{Op: RowNumber0, Nulls: NullNever, Volatility: Volatile, result: big, Doc: "ROWNUM (MariaDB); not converted."},
	}
}
