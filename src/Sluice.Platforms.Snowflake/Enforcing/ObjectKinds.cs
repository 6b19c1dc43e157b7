using Sluice.Core.Catalog;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>What can be granted and protected on which kind of object (https://docs.snowflake.com/en/user-guide/security-access-control-privileges).</summary>
internal static class ObjectKinds
{
    /// <summary>The kind as a GRANT names it.</summary>
    public static string Keyword(ObjectKind kind) => kind switch
    {
        ObjectKind.View => "VIEW",
        ObjectKind.MaterializedView => "MATERIALIZED VIEW",
        ObjectKind.ExternalTable => "EXTERNAL TABLE",
        ObjectKind.IcebergTable => "ICEBERG TABLE",
        ObjectKind.DynamicTable => "DYNAMIC TABLE",
        ObjectKind.EventTable => "EVENT TABLE",
        _ => Table,
    };

    private static readonly HashSet<string> Keywords = [.. Enum.GetValues<ObjectKind>().Select(Keyword)];

    /// <summary>The keyword of plain tables, which a fact's detail leaves out.</summary>
    public const string Table = "TABLE";

    /// <summary>The privilege that shows an object and none of its data: dynamic tables know no REFERENCES.</summary>
    public static string Seeing(ObjectKind kind) => kind == ObjectKind.DynamicTable ? "MONITOR" : "REFERENCES";

    /// <summary>Whether a privilege is one that <see cref="Seeing"/> names.</summary>
    public static bool IsSeeing(string? privilege) => privilege is "REFERENCES" or "MONITOR";

    /// <summary>Whether it is what <see cref="Keyword"/> calls a kind.</summary>
    public static bool IsKeyword(string kind) => Keywords.Contains(kind);

    /// <summary>Whether rows of such an object can be written by SQL.</summary>
    public static bool IsWritable(ObjectKind kind) => kind is ObjectKind.Table or ObjectKind.IcebergTable;

    /// <summary>
    /// Whether policies can be set on such an object and its columns. Not on a materialized view, whose data is a copy that was made without them, nor on
    /// an event table; nor on the virtual columns of an external table, which all are but VALUE, that holds the others
    /// (https://docs.snowflake.com/en/user-guide/security-row-intro, https://docs.snowflake.com/en/user-guide/security-column-intro, both under "External tables").
    /// </summary>
    public static bool IsProtectable(ObjectKind kind) => kind is ObjectKind.Table or ObjectKind.View or ObjectKind.IcebergTable or ObjectKind.DynamicTable;
}
