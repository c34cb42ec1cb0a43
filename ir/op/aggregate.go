package op

import "godwit/ir/types"

// Aggregates and window functions.
const (
	Count          Op = "agg.count"
	Sum            Op = "agg.sum"
	Avg            Op = "agg.avg"
	Min            Op = "agg.min"
	Max            Op = "agg.max"
	GroupConcat    Op = "agg.group_concat"
	BitAndAgg      Op = "agg.bit_and"
	BitOrAgg       Op = "agg.bit_or"
	BitXorAgg      Op = "agg.bit_xor"
	StdDevPop      Op = "agg.stddev_pop"
	StdDevSamp     Op = "agg.stddev_samp"
	VarPop         Op = "agg.var_pop"
	VarSamp        Op = "agg.var_samp"
	JSONArrayAgg   Op = "agg.json_array"
	JSONObjectAgg  Op = "agg.json_object"
	AnyValue       Op = "agg.any_value"
	Grouping       Op = "agg.grouping"
	RowNumber      Op = "win.row_number"
	Rank           Op = "win.rank"
	DenseRank      Op = "win.dense_rank"
	PercentRank    Op = "win.percent_rank"
	CumeDist       Op = "win.cume_dist"
	NTile          Op = "win.ntile"
	Lag            Op = "win.lag"
	Lead           Op = "win.lead"
	FirstValue     Op = "win.first_value"
	LastValue      Op = "win.last_value"
	NthValue       Op = "win.nth_value"
	Median         Op = "win.median"
	PercentileCont Op = "win.percentile_cont"
	PercentileDisc Op = "win.percentile_disc"
)

func aggregateOps() []Info {
	a, n, i, f := AnyArg, NumberArg, IntArg, FloatArg
	u64 := fixed(types.Int{Bits: 64, Unsigned: true})
	fl := fixed(floatResult)
	list := []Info{
		{Op: Count, Min: 1, Max: -1, Args: []ArgClass{a}, Nulls: NullNever, result: fixed(bigResult), Doc: "Rows whose arguments are all not NULL; all rows for *. DISTINCT counts different combinations."},
		{Op: Sum, Min: 1, Max: 1, Args: []ArgClass{n}, result: sumType, Doc: "The sum of the values other than NULL; NULL without any. Exact numbers give a decimal, others Float."},
		{Op: Avg, Min: 1, Max: 1, Args: []ArgClass{n}, result: avgType, Doc: "The mean of the values other than NULL; exact numbers give a decimal with 4 more digits (rounded half away), others Float."},
		{Op: Min, Min: 1, Max: 1, Args: []ArgClass{a}, result: minType, Doc: "The smallest value, by collation for text; of ENUM and SET by text."},
		{Op: Max, Min: 1, Max: 1, Args: []ArgClass{a}, result: minType, Doc: "The largest value, by collation for text; of ENUM and SET by text."},
		{Op: GroupConcat, Min: 1, Max: -1, Args: []ArgClass{TextArg}, result: textLike(), Doc: "The joined arguments of the rows where none is NULL, with a separator (a comma), cut to group_concat_max_len bytes."},
		{Op: BitAndAgg, Min: 1, Max: 1, Args: []ArgClass{i}, Nulls: NullNever, result: u64, Doc: "The AND of the values as 64-bit unsigned numbers; all bits set without any."},
		{Op: BitOrAgg, Min: 1, Max: 1, Args: []ArgClass{i}, Nulls: NullNever, result: u64, Doc: "The OR of the values as 64-bit unsigned numbers; 0 without any."},
		{Op: BitXorAgg, Min: 1, Max: 1, Args: []ArgClass{i}, Nulls: NullNever, result: u64, Doc: "The XOR of the values as 64-bit unsigned numbers; 0 without any."},
		{Op: StdDevPop, Min: 1, Max: 1, Args: []ArgClass{f}, result: fl, Doc: "Population standard deviation as Float (STD, STDDEV)."},
		{Op: StdDevSamp, Min: 1, Max: 1, Args: []ArgClass{f}, result: fl, Doc: "Sample standard deviation as Float; NULL for one row."},
		{Op: VarPop, Min: 1, Max: 1, Args: []ArgClass{f}, result: fl, Doc: "Population variance as Float (VARIANCE)."},
		{Op: VarSamp, Min: 1, Max: 1, Args: []ArgClass{f}, result: fl, Doc: "Sample variance as Float; NULL for one row."},
		{Op: JSONArrayAgg, Min: 1, Max: 1, Args: []ArgClass{JSONValueArg}, result: jsonResult, Doc: "The values of the rows as an array, NULL as JSON null; NULL without rows."},
		{Op: JSONObjectAgg, Min: 2, Max: 2, Args: []ArgClass{TextArg, JSONValueArg}, CanRaise: true, result: jsonResult, Doc: "Keys and values of the rows as an object; the last of equal keys wins (MySQL); NULL without rows; an error for a NULL key."},
		{Op: AnyValue, Min: 1, Max: 1, Args: []ArgClass{a}, Nulls: NullOwn, result: minType, Doc: "The value of any row of the group."},
		{Op: Grouping, Min: 1, Max: -1, Args: []ArgClass{a}, Nulls: NullNever, result: fixed(bigResult), Doc: "Bits that tell which of the columns a super-aggregate row leaves out."},
	}
	for k := range list {
		list[k].Kind = AggregateFunction
	}
	return list
}

func windowOps() []Info {
	a, i := AnyArg, IntArg
	big, fl := fixed(bigResult), fixed(floatResult)
	list := []Info{
		{Op: RowNumber, Nulls: NullNever, result: big, Doc: "The number of the row in its partition."},
		{Op: Rank, Nulls: NullNever, result: big, Doc: "The rank with gaps."},
		{Op: DenseRank, Nulls: NullNever, result: big, Doc: "The rank without gaps."},
		{Op: PercentRank, Nulls: NullNever, result: fl, Doc: "(rank - 1) / (rows - 1), 0 for one row."},
		{Op: CumeDist, Nulls: NullNever, result: fl, Doc: "The share of rows up to the peers of this one."},
		{Op: NTile, Min: 1, Max: 1, Args: []ArgClass{i}, CanRaise: true, result: big, Doc: "The number of the bucket of n nearly equal ones."},
		{Op: Lag, Min: 1, Max: 3, Args: []ArgClass{CommonArg, i, CommonArg}, Nulls: NullOwn, result: lagType, Doc: "The value n rows (1) before, or the default (NULL)."},
		{Op: Lead, Min: 1, Max: 3, Args: []ArgClass{CommonArg, i, CommonArg}, Nulls: NullOwn, result: lagType, Doc: "The value n rows (1) behind, or the default (NULL)."},
		{Op: FirstValue, Min: 1, Max: 1, Args: []ArgClass{a}, Nulls: NullOwn, result: minType, Doc: "The value of the first row of the frame."},
		{Op: LastValue, Min: 1, Max: 1, Args: []ArgClass{a}, Nulls: NullOwn, result: minType, Doc: "The value of the last row of the frame."},
		{Op: NthValue, Min: 2, Max: 2, Args: []ArgClass{a, i}, Nulls: NullOwn, result: minType, Doc: "The value of the n-th row of the frame."},
		{Op: Median, Min: 1, Max: 1, Args: []ArgClass{NumberArg}, result: fl, Doc: "The median of the partition (MariaDB)."},
		{Op: PercentileCont, Min: 1, Max: 1, Args: []ArgClass{FloatArg}, CanRaise: true, result: fl, Doc: "The interpolated percentile (MariaDB)."},
		{Op: PercentileDisc, Min: 1, Max: 1, Args: []ArgClass{FloatArg}, CanRaise: true, Doc: "The discrete percentile (MariaDB); not converted."},
	}
	for k := range list {
		list[k].Kind = WindowFunction
	}
	return list
}

func lagType(c Call) types.Type {
	if len(c.Types) < 3 {
		return minType(c)
	}
	return Common([]types.Type{c.arg(0), c.arg(2)})
}
