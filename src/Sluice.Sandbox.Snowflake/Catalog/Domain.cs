namespace Sluice.Sandbox.Snowflake.Catalog;

/// <summary>The kinds of objects an account holds.</summary>
internal enum Domain
{
    Account,
    Database,
    Schema,
    Table,
    View,
    MaterializedView,
    ExternalTable,
    EventTable,
    IcebergTable,
    DynamicTable,
    Role,
    DatabaseRole,
    User,
    Warehouse,
    Tag,
    MaskingPolicy,
    RowAccessPolicy,
    SessionPolicy,
    NetworkPolicy,
    Function,
    Procedure,
    Sequence,
    Stage,
    FileFormat,
    Integration,
    Column,
}

/// <summary>How domains are spelled and what they have in common.</summary>
internal static class Domains
{
    private static readonly Dictionary<Domain, (string Words, string Plural)> Spelled = new()
    {
        [Domain.Account] = ("Account", "ACCOUNTS"),
        [Domain.Database] = ("Database", "DATABASES"),
        [Domain.Schema] = ("Schema", "SCHEMAS"),
        [Domain.Table] = ("Table", "TABLES"),
        [Domain.View] = ("View", "VIEWS"),
        [Domain.MaterializedView] = ("Materialized View", "MATERIALIZED VIEWS"),
        [Domain.ExternalTable] = ("External Table", "EXTERNAL TABLES"),
        [Domain.EventTable] = ("Event Table", "EVENT TABLES"),
        [Domain.IcebergTable] = ("Iceberg Table", "ICEBERG TABLES"),
        [Domain.DynamicTable] = ("Dynamic Table", "DYNAMIC TABLES"),
        [Domain.Role] = ("Role", "ROLES"),
        [Domain.DatabaseRole] = ("Database Role", "DATABASE ROLES"),
        [Domain.User] = ("User", "USERS"),
        [Domain.Warehouse] = ("Warehouse", "WAREHOUSES"),
        [Domain.Tag] = ("Tag", "TAGS"),
        [Domain.MaskingPolicy] = ("Masking Policy", "MASKING POLICIES"),
        [Domain.RowAccessPolicy] = ("Row Access Policy", "ROW ACCESS POLICIES"),
        [Domain.SessionPolicy] = ("Session Policy", "SESSION POLICIES"),
        [Domain.NetworkPolicy] = ("Network Policy", "NETWORK POLICIES"),
        [Domain.Function] = ("Function", "FUNCTIONS"),
        [Domain.Procedure] = ("Procedure", "PROCEDURES"),
        [Domain.Sequence] = ("Sequence", "SEQUENCES"),
        [Domain.Stage] = ("Stage", "STAGES"),
        [Domain.FileFormat] = ("File Format", "FILE FORMATS"),
        [Domain.Integration] = ("Integration", "INTEGRATIONS"),
        [Domain.Column] = ("Column", "COLUMNS"),
    };

    /// <summary>As error texts spell it: Row Access Policy.</summary>
    public static string Words(this Domain domain) => Spelled[domain].Words;

    /// <summary>As SQL spells it: ROW ACCESS POLICY.</summary>
    public static string Sql(this Domain domain) => Spelled[domain].Words.ToUpperInvariant();

    public static string Plural(this Domain domain) => Spelled[domain].Plural;

    /// <summary>As SHOW GRANTS spells it: ROW_ACCESS_POLICY.</summary>
    public static string Underscored(this Domain domain) => domain.Sql().Replace(' ', '_');

    /// <summary>True for what shares the namespace of tables and views.</summary>
    public static bool IsTableLike(this Domain domain) => domain is Domain.Table or Domain.View or Domain.MaterializedView
        or Domain.ExternalTable or Domain.EventTable or Domain.IcebergTable or Domain.DynamicTable;

    public static bool IsView(this Domain domain) => domain is Domain.View or Domain.MaterializedView;

    public static bool IsInSchema(this Domain domain) => domain.IsTableLike() || domain is Domain.Tag or Domain.MaskingPolicy
        or Domain.RowAccessPolicy or Domain.SessionPolicy or Domain.Function or Domain.Procedure or Domain.Sequence or Domain.Stage or Domain.FileFormat;

    /// <summary>All domains in the order in which two-word names come before the words they begin with.</summary>
    public static IEnumerable<Domain> LongestFirst { get; } = [.. Spelled.Keys.OrderByDescending(domain => domain.Sql().Count(c => c == ' '))];
}
