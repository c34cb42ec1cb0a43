package op

import "godwit/ir/types"

// Operations on dates and times. "Now" and the addition of intervals are nodes of their own.
const (
	DateOf        Op = "time.date"
	TimeOf        Op = "time.time"
	TimestampOf   Op = "time.timestamp"
	Year          Op = "time.year"
	Quarter       Op = "time.quarter"
	Month         Op = "time.month"
	DayOfMonth    Op = "time.day"
	Hour          Op = "time.hour"
	Minute        Op = "time.minute"
	Second        Op = "time.second"
	Microsecond   Op = "time.microsecond"
	DayOfWeek     Op = "time.day_of_week"
	DayOfYear     Op = "time.day_of_year"
	Weekday       Op = "time.weekday"
	Week          Op = "time.week"
	WeekOfYear    Op = "time.week_of_year"
	YearWeek      Op = "time.year_week"
	DayName       Op = "time.day_name"
	MonthName     Op = "time.month_name"
	LastDay       Op = "time.last_day"
	MakeDate      Op = "time.make_date"
	MakeTime      Op = "time.make_time"
	PeriodAdd     Op = "time.period_add"
	PeriodDiff    Op = "time.period_diff"
	SecToTime     Op = "time.sec_to_time"
	TimeToSec     Op = "time.time_to_sec"
	StrToDate     Op = "time.str_to_date"
	DateFormat    Op = "time.date_format"
	TimeFormat    Op = "time.time_format"
	GetFormat     Op = "time.get_format"
	TimeDiff      Op = "time.time_diff"
	DateDiff      Op = "time.date_diff"
	TimestampDiff Op = "time.timestamp_diff"
	ToDays        Op = "time.to_days"
	FromDays      Op = "time.from_days"
	ToSeconds     Op = "time.to_seconds"
	UnixTimestamp Op = "time.unix_timestamp"
	FromUnixTime  Op = "time.from_unix_time"
	ConvertTZ     Op = "time.convert_tz"
	AddTime       Op = "time.add_time"
	SubTime       Op = "time.sub_time"
	Extract       Op = "time.extract"
	AddMonths     Op = "time.add_months"
	MonthsBetween Op = "time.months_between"
)

// Words that change an operation (see ir.Call.Word).
const (
	Days     = "days"     // of Extract: hours of a duration above 23 are days
	Fraction = "fraction" // of TimeToSec: with the fraction of the second
	OrNull   = "null"     // of UnixTimestamp: NULL instead of 0 for a moment out of range
	// NeedsDate is for StrToDate: NULL for a time without a date.
	NeedsDate = "needs-date"
)

func timeOps() []Info {
	d, dt, tm, i, n, t := DateArg, DateTimeArg, TimeArg, IntArg, NumberArg, TextArg
	in, big := fixed(intResult), fixed(bigResult)
	return []Info{
		{Op: DateOf, Min: 1, Max: 1, Args: []ArgClass{d}, result: fixed(dateResult), Doc: "The date part; NULL for what is no date."},
		{Op: TimeOf, Min: 1, Max: 1, Args: []ArgClass{tm}, result: timeResult(0), Doc: "The time part as a duration; NULL for what is no time."},
		{Op: TimestampOf, Min: 1, Max: 2, Args: []ArgClass{dt, tm}, result: timestampType, Doc: "The argument as a date and time; with two arguments the second, a time, is added."},
		{Op: Year, Min: 1, Max: 1, Args: []ArgClass{d}, result: in, Doc: "The year."},
		{Op: Quarter, Min: 1, Max: 1, Args: []ArgClass{d}, result: in, Doc: "The quarter, 1 to 4."},
		{Op: Month, Min: 1, Max: 1, Args: []ArgClass{d}, result: in, Doc: "The month, 1 to 12 (0 for a zero date)."},
		{Op: DayOfMonth, Min: 1, Max: 1, Args: []ArgClass{d}, result: in, Doc: "The day of the month (0 for a zero date)."},
		{Op: Hour, Min: 1, Max: 1, Args: []ArgClass{tm}, result: in, Doc: "The hours, of a duration without sign and not limited to 23; 0 for a date."},
		{Op: Minute, Min: 1, Max: 1, Args: []ArgClass{tm}, result: in, Doc: "The minutes."},
		{Op: Second, Min: 1, Max: 1, Args: []ArgClass{tm}, result: in, Doc: "The whole seconds."},
		{Op: Microsecond, Min: 1, Max: 1, Args: []ArgClass{tm}, result: in, Doc: "The fraction of the second in microseconds."},
		{Op: DayOfWeek, Min: 1, Max: 1, Args: []ArgClass{d}, result: in, Doc: "1 for Sunday to 7 for Saturday."},
		{Op: DayOfYear, Min: 1, Max: 1, Args: []ArgClass{d}, result: in, Doc: "1 to 366."},
		{Op: Weekday, Min: 1, Max: 1, Args: []ArgClass{d}, result: in, Doc: "0 for Monday to 6 for Sunday."},
		{Op: Week, Min: 1, Max: 2, Args: []ArgClass{d, i}, result: in, Volatility: Stable, Doc: "The number of the week by mode (setting default-week-format when not given): bit 0 Monday first, bit 1 range 1-53, bit 2 the first week is the one with its first day in this year, else with 4 days."},
		{Op: WeekOfYear, Min: 1, Max: 1, Args: []ArgClass{d}, result: in, Doc: "The ISO 8601 week (mode 3)."},
		{Op: YearWeek, Min: 1, Max: 2, Args: []ArgClass{d, i}, result: in, Doc: "Year times 100 plus week by mode (0), the year being that of the week."},
		{Op: DayName, Min: 1, Max: 1, Args: []ArgClass{d}, Volatility: Stable, result: fixed(text(9)), Doc: "The name of the weekday in the language of lc_time_names (English)."},
		{Op: MonthName, Min: 1, Max: 1, Args: []ArgClass{d}, Volatility: Stable, result: fixed(text(9)), Doc: "The name of the month in the language of lc_time_names (English)."},
		{Op: LastDay, Min: 1, Max: 1, Args: []ArgClass{d}, result: fixed(dateResult), Doc: "The last day of the date's month."},
		{Op: MakeDate, Min: 2, Max: 2, Args: []ArgClass{i}, result: fixed(dateResult), Doc: "The day of a year by number; NULL when the day is below 1; two-digit years are 1970 to 2069."},
		{Op: MakeTime, Min: 3, Max: 3, Args: []ArgClass{i, i, n}, result: timeResult(2), Doc: "A duration of hours, minutes and seconds; NULL when minutes or seconds are outside 0..59; clamped to 838:59:59."},
		{Op: PeriodAdd, Min: 2, Max: 2, Args: []ArgClass{i}, CanRaise: true, result: big, Doc: "Adds months to a period YYMM or YYYYMM, giving YYYYMM."},
		{Op: PeriodDiff, Min: 2, Max: 2, Args: []ArgClass{i}, CanRaise: true, result: big, Doc: "Months between two periods YYMM or YYYYMM."},
		{Op: SecToTime, Min: 1, Max: 1, Args: []ArgClass{n}, result: timeResult(0), Doc: "Seconds as a duration, clamped to 838:59:59."},
		{Op: TimeToSec, Min: 1, Max: 1, Args: []ArgClass{tm}, result: timeToSecType, Doc: "A duration in seconds: whole ones, with Word Fraction all digits."},
		{Op: StrToDate, Min: 2, Max: 2, Args: []ArgClass{t}, result: strToDateType, Doc: "Text read by a format; NULL when it does not fit. Date, time or both by the parts of a literal format."},
		{Op: DateFormat, Min: 2, Max: 3, Args: []ArgClass{dt, t, t}, Volatility: Stable, result: fixed(text(0)), Doc: "A date and time written by a format of % parts."},
		{Op: TimeFormat, Min: 2, Max: 2, Args: []ArgClass{tm, t}, result: fixed(text(0)), Doc: "A duration written by a format of % parts; parts of the date give 0 or NULL."},
		{Op: GetFormat, Min: 1, Max: 1, Args: []ArgClass{t}, result: fixed(text(17)), Doc: "The format of a standard ('EUR', 'USA', 'JIS', 'ISO', 'INTERNAL') for Word (date, time, datetime)."},
		{Op: TimeDiff, Min: 2, Max: 2, Args: []ArgClass{AnyArg}, result: timeDiffType, Doc: "The difference of two durations or two date-times as a duration, clamped to 838:59:59; NULL when they are of different kinds."},
		{Op: DateDiff, Min: 2, Max: 2, Args: []ArgClass{d}, result: big, Doc: "The days from the second date to the first; times of day do not count."},
		{Op: TimestampDiff, Min: 2, Max: 2, Args: []ArgClass{dt}, result: big, Doc: "Whole Units elapsed from the first to the second moment, toward zero."},
		{Op: ToDays, Min: 1, Max: 1, Args: []ArgClass{d}, result: fixed(intResult), Doc: "Days since year 0."},
		{Op: FromDays, Min: 1, Max: 1, Args: []ArgClass{i}, result: fixed(dateResult), Doc: "The date of a day number; the zero date below 366."},
		{Op: ToSeconds, Min: 1, Max: 1, Args: []ArgClass{dt}, result: big, Doc: "Seconds since year 0."},
		{Op: UnixTimestamp, Max: 1, Args: []ArgClass{dt}, Volatility: Stable, result: secondsType, Doc: "Seconds since 1970-01-01 UTC of a moment in the session's zone; now without argument; 0 for a moment outside the range."},
		{Op: FromUnixTime, Min: 1, Max: 2, Args: []ArgClass{n, t}, Volatility: Stable, result: fromUnixType, Doc: "The moment of seconds since 1970-01-01 UTC in the session's zone; by a format with two arguments. NULL for negative numbers and those out of range."},
		{Op: ConvertTZ, Min: 3, Max: 3, Args: []ArgClass{dt, t, t}, Volatility: Stable, result: convertTZType, Doc: "A moment told in the first zone, told in the second; unchanged outside 1970 to 2038 (by version); NULL for unknown zones."},
		{Op: AddTime, Min: 2, Max: 2, Args: []ArgClass{AnyArg}, result: addTimeType, Doc: "A time or date-time plus a duration."},
		{Op: SubTime, Min: 2, Max: 2, Args: []ArgClass{AnyArg}, result: addTimeType, Doc: "A time or date-time minus a duration."},
		{Op: Extract, Min: 1, Max: 1, Args: []ArgClass{AnyArg}, result: big, Doc: "The Unit of a date or time as a number; compound units are joined digits (day_hour: DDHH)."},
		{Op: AddMonths, Min: 2, Max: 2, Args: []ArgClass{dt, i}, result: like(0), Doc: "As the addition of months (MariaDB)."},
		{Op: MonthsBetween, Min: 2, Max: 2, Args: []ArgClass{dt}, result: fixed(floatResult), Doc: "Months with a fraction, as Oracle's; not converted."},
	}
}

func timeToSecType(c Call) types.Type {
	if p := precisionOr6(c.arg(0)); p > 0 && c.Word == Fraction {
		return types.Decimal{Precision: 7 + p, Scale: p}
	}
	return bigResult
}

func timestampType(c Call) types.Type {
	p := 0
	for i := range c.Types {
		p = max(p, precisionOr6(c.arg(i)))
	}
	return types.DateTime{Precision: p}
}

func timeDiffType(c Call) types.Type {
	return types.Time{Precision: max(precisionOr6(c.arg(0)), precisionOr6(c.arg(1))), Duration: true}
}

// strToDateType is the type without a literal format; with one ir/resolve asks StrToDateType.
func strToDateType(Call) types.Type { return types.DateTime{Precision: 6} }

// StrToDateType is the type of STR_TO_DATE with a literal format.
func StrToDateType(format string) types.Type {
	var date, clock, micro bool
	for i := 0; i+1 < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		i++
		switch format[i] {
		case 'a', 'b', 'c', 'D', 'd', 'e', 'j', 'M', 'm', 'U', 'u', 'V', 'v', 'W', 'w', 'X', 'x', 'Y', 'y':
			date = true
		case 'f':
			clock, micro = true, true
		case 'H', 'h', 'I', 'i', 'k', 'l', 'p', 'r', 'S', 's', 'T':
			clock = true
		}
	}
	p := 0
	if micro {
		p = 6
	}
	switch {
	case date && clock:
		return types.DateTime{Precision: p}
	case clock:
		return types.Time{Precision: p, Duration: true}
	}
	return types.Date{}
}

func fromUnixType(c Call) types.Type {
	if len(c.Types) > 1 {
		return text(0)
	}
	return types.DateTime{Precision: precisionOr6(c.arg(0))}
}

func convertTZType(c Call) types.Type { return types.DateTime{Precision: precisionOr6(c.arg(0))} }
