package op

// Operations that choose between values. IF and CASE are nodes of their own.
const (
	Coalesce Op = "flow.coalesce"
	IfNull   Op = "flow.if_null"
	NullIf   Op = "flow.null_if"
	NVL2     Op = "flow.nvl2"
	Greatest Op = "flow.greatest"
	Least    Op = "flow.least"
	Bucket   Op = "flow.interval"
)

func flowOps() []Info {
	c := CommonArg
	return []Info{
		{Op: Coalesce, Min: 1, Max: -1, Args: []ArgClass{c}, Nulls: NullOwn, result: common(0), Doc: "The first value that is not NULL, in the common type of all."},
		{Op: IfNull, Min: 2, Max: 2, Args: []ArgClass{c}, Nulls: NullOwn, result: common(0), Doc: "The first value, or the second when the first is NULL, in the common type."},
		{Op: NullIf, Min: 2, Max: 2, Args: []ArgClass{AnyArg}, Nulls: NullOwn, result: like(0), Doc: "NULL when both are equal (compared as = compares), else the first."},
		{Op: NVL2, Min: 3, Max: 3, Args: []ArgClass{AnyArg, c}, Nulls: NullOwn, result: common(1), Doc: "The second value when the first is not NULL, else the third (MariaDB)."},
		{Op: Greatest, Min: 2, Max: -1, Args: []ArgClass{c}, result: common(0), Doc: "The largest value, compared in the common type (by collation for text); NULL when any is NULL."},
		{Op: Least, Min: 2, Max: -1, Args: []ArgClass{c}, result: common(0), Doc: "The smallest value, compared in the common type (by collation for text); NULL when any is NULL."},
		{Op: Bucket, Min: 2, Max: -1, Args: []ArgClass{NumberArg}, Nulls: NullNever, result: fixed(intResult), Doc: "INTERVAL(n, a, b, ...): how many of the sorted numbers are not above n (binary search); -1 when n is NULL."},
	}
}
