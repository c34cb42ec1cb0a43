package postgres

import "godwit/ir/op"

// functions spells the operations that the target has as they stand (see Spelling). What is not listed must be
// replaced by a rule, or it is refused.
var functions = map[op.Op]Spelling{
	// Text. Arguments are text; the rule text-functions has dealt with byte strings, collations and lengths below zero.
	op.BitLength:   {Template: "bit_length"},
	op.CharLength:  {Template: "char_length"},
	op.OctetLength: {Template: "octet_length"},
	op.ConcatWS:    {Template: "concat_ws"},
	op.Lower:       {Template: "lower"},
	op.Upper:       {Template: "upper"},
	op.LTrim:       {Template: "ltrim"},
	op.RTrim:       {Template: "rtrim"},
	op.Reverse:     {Template: "reverse"},
	op.MD5:         {Template: "md5"},

	// Numbers. Arguments of Float are doubles, so that no function for numeric is chosen.
	op.ATan:    {Template: "atan"},
	op.ATan2:   {Template: "atan2"},
	op.Cos:     {Template: "cos"},
	op.Degrees: {Template: "($1 * (180 / pi()))"},
	op.Exp:     {Template: "exp"},
	op.Pi:      {Template: "pi()"},
	op.Pow:     {Template: "power"},
	op.Radians: {Template: "radians"},
	op.Sign:    {Template: "sign($1)::integer"},
	op.Sin:     {Template: "sin"},
	op.Tan:     {Template: "tan"},

	// Choices between values of one type.
	op.Coalesce: {Template: "coalesce"},
	op.IfNull:   {Template: "coalesce"},

	// Parts of dates. Arguments are dates, timestamps or (for the parts of the time) intervals.
	op.Year:        {Template: "extract(year FROM $1)::integer"},
	op.Quarter:     {Template: "extract(quarter FROM $1)::integer"},
	op.Month:       {Template: "extract(month FROM $1)::integer"},
	op.DayOfMonth:  {Template: "extract(day FROM $1)::integer"},
	op.DayOfWeek:   {Template: "(extract(dow FROM $1)::integer + 1)"},
	op.Weekday:     {Template: "(extract(isodow FROM $1)::integer - 1)"},
	op.DayOfYear:   {Template: "extract(doy FROM $1)::integer"},
	op.WeekOfYear:  {Template: "extract(week FROM $1)::integer"},
	op.Hour:        {Template: "extract(hour FROM $1)::integer"},
	op.Minute:      {Template: "extract(minute FROM $1)::integer"},
	op.Second:      {Template: "trunc(extract(second FROM $1))::integer"},
	op.Microsecond: {Template: "(extract(microseconds FROM $1)::integer % 1000000)"},
	op.DayName:     {Template: "to_char($1, 'FMDay')"},
	op.MonthName:   {Template: "to_char($1, 'FMMonth')"},
	op.LastDay:     {Template: "(date_trunc('month', $1) + interval '1 month - 1 day')::date"},

	// The rule temporal-functions replaces the other units.
	op.Extract: {Units: map[string]string{"epoch": "extract(epoch FROM $1)"}},

	// Parts of moments in Oracle: numbers, those of the second with their fraction.
	op.OraExtract: {Units: map[string]string{
		"year": "extract(year FROM $1)", "month": "extract(month FROM $1)", "day": "extract(day FROM $1)",
		"hour": "extract(hour FROM $1)", "minute": "extract(minute FROM $1)", "second": "extract(second FROM $1)",
	}},

	// Information.
	op.ConnectionID:  {Template: "pg_backend_pid()"},
	op.CurrentSchema: {Template: "current_schema()"},
	op.NameConst:     {Template: "($2)"},

	// Aggregates and window functions. The rule aggregates has dealt with argument types and several arguments.
	op.Count:       {Template: "count"},
	op.Sum:         {Template: "sum"},
	op.Avg:         {Template: "avg"},
	op.Min:         {Template: "min"},
	op.Max:         {Template: "max"},
	op.StdDevPop:   {Template: "stddev_pop"},
	op.StdDevSamp:  {Template: "stddev_samp"},
	op.VarPop:      {Template: "var_pop"},
	op.VarSamp:     {Template: "var_samp"},
	op.RowNumber:   {Template: "row_number"},
	op.Rank:        {Template: "rank"},
	op.DenseRank:   {Template: "dense_rank"},
	op.PercentRank: {Template: "percent_rank"},
	op.CumeDist:    {Template: "cume_dist"},
	op.NTile:       {Template: "ntile"},
	op.Lag:         {Template: "lag"},
	op.Lead:        {Template: "lead"},
	op.FirstValue:  {Template: "first_value"},
	op.LastValue:   {Template: "last_value"},
	op.NthValue:    {Template: "nth_value"},
	op.Grouping:    {Template: "grouping"},
}
