using Sluice.Sandbox.Snowflake.Results;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>Which types become which without a cast (https://docs.snowflake.com/en/sql-reference/data-type-conversion#data-types-that-can-be-cast).</summary>
internal static class Coercions
{
    private static readonly Dictionary<SqlKind, SqlKind[]> Targets = new()
    {
        [SqlKind.Array] = [SqlKind.Variant],
        [SqlKind.Binary] = [],
        [SqlKind.Boolean] = [SqlKind.Text, SqlKind.Variant],
        [SqlKind.Date] = [SqlKind.TimestampNtz, SqlKind.TimestampLtz, SqlKind.TimestampTz, SqlKind.Text],
        [SqlKind.Real] = [SqlKind.Boolean, SqlKind.Fixed, SqlKind.Text, SqlKind.Variant],
        [SqlKind.Fixed] = [SqlKind.Boolean, SqlKind.Real, SqlKind.TimestampNtz, SqlKind.TimestampLtz, SqlKind.TimestampTz, SqlKind.Text, SqlKind.Variant],
        [SqlKind.Object] = [SqlKind.Variant],
        [SqlKind.Time] = [SqlKind.Text],
        [SqlKind.Text] = [SqlKind.Boolean, SqlKind.Date, SqlKind.Real, SqlKind.Fixed, SqlKind.Time, SqlKind.TimestampNtz, SqlKind.TimestampLtz, SqlKind.TimestampTz],
        [SqlKind.Variant] =
        [
            SqlKind.Array, SqlKind.Boolean, SqlKind.Date, SqlKind.Real, SqlKind.Fixed, SqlKind.Object, SqlKind.Time, SqlKind.TimestampNtz, SqlKind.TimestampLtz, SqlKind.TimestampTz, SqlKind.Text,
        ],
    };

    // The table speaks of TIMESTAMP: its variations are taken to become one another.
    private static readonly SqlKind[] OfTimestamps = [SqlKind.TimestampNtz, SqlKind.TimestampLtz, SqlKind.TimestampTz, SqlKind.Date, SqlKind.Time, SqlKind.Text];

    public static bool Reaches(SqlKind from, SqlKind to) => from == to || (Targets.GetValueOrDefault(from) ?? OfTimestamps).Contains(to);
}
