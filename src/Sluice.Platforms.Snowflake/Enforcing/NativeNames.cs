using System.Security.Cryptography;
using System.Text;
using Sluice.Core.Access;
using Sluice.Platforms.Snowflake.Setup;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>The names of what Sluice makes in an account. Names alone own nothing: the comment does (<see cref="InstanceMark"/>).</summary>
/// <param name="prefix">Of the connection's native objects.</param>
/// <param name="database">Sluice's own; null where only names of roles are wanted.</param>
internal sealed class NativeNames(string prefix, string? database)
{
    private const int Digits = 40;
    private const string MaskPart = "_MASK_";
    private const string RowsPart = "_ROWS_";
    private const string CallPart = "_CALL_";

    /// <summary>What is in Sluice's own database as a plan shows it, which does not say what that is called.</summary>
    public static NativeNames Shown { get; } = new("", "");

    private readonly string _prefix = prefix.ToUpperInvariant();

    /// <summary>What the names of all roles of ours begin with.</summary>
    public string RolePrefix => $"{_prefix}_";

    /// <summary>What the names of all audiences begin with.</summary>
    public string AudiencePrefix => $"{_prefix}_AUD_";

    /// <summary>What the names of all roles of one person begin with.</summary>
    public string PersonPrefix => $"{_prefix}_PER_";

    /// <summary>The role whose comment keeps the count of applies.</summary>
    public string Epoch => $"{_prefix}_EPOCH";

    /// <summary>The role of an audience.</summary>
    public string Audience(AudienceId id) => AudiencePrefix + id.Value.ToUpperInvariant();

    /// <summary>The role by which one person alone is subscribed.</summary>
    public string Person(string identity) => PersonPrefix + Digest(identity);

    /// <summary>The masking policy of this text.</summary>
    public string Mask(string text) => $"{_prefix}{MaskPart}{Digest(text)}";

    /// <summary>The row access policy of this text.</summary>
    public string Rows(string text) => $"{_prefix}{RowsPart}{Digest(text)}";

    /// <summary>The function of this text, which calls one of the operator's.</summary>
    public string Call(string text) => $"{_prefix}{CallPart}{Digest(text)}";

    /// <summary>Whether a function's name is one of those that call the operator's.</summary>
    public bool IsCall(string name) => name.StartsWith($"{_prefix}{CallPart}", StringComparison.Ordinal);

    /// <summary>Whether a role's name is one that Sluice gives to audiences and people.</summary>
    public bool IsRole(string name) => name.StartsWith(AudiencePrefix, StringComparison.Ordinal) || IsPerson(name);

    /// <summary>Whether a role's name is one of those by which one person alone is subscribed.</summary>
    public bool IsPerson(string name) => name.StartsWith(PersonPrefix, StringComparison.Ordinal);

    /// <summary>Whether a policy's name is one that Sluice gives.</summary>
    public bool IsPolicy(string name) => name.StartsWith($"{_prefix}{MaskPart}", StringComparison.Ordinal) || name.StartsWith($"{_prefix}{RowsPart}", StringComparison.Ordinal);

    /// <summary>The kind of a policy of ours as statements name it.</summary>
    public static string KindOf(string policy) => policy[..^Digits].EndsWith(RowsPart, StringComparison.Ordinal) ? "ROW ACCESS POLICY" : "MASKING POLICY";

    /// <summary>A policy as it stands in a statement.</summary>
    public string Policy(string name) => In(DatabaseLayout.PolicySchema, name);

    /// <summary>The schema of policies as it stands in a statement.</summary>
    public string PolicySchema => Quote.Path(Database, DatabaseLayout.PolicySchema);

    /// <summary>The schema of functions.</summary>
    public string FunctionSchema => Quote.Path(Database, DatabaseLayout.FunctionSchema);

    /// <summary>The schema of tables.</summary>
    public string TableSchema => Quote.Path(Database, DatabaseLayout.SystemSchema);

    /// <summary>A function as it stands in an expression, without its arguments.</summary>
    public string Function(string name) => In(DatabaseLayout.FunctionSchema, name);

    /// <summary>A table of ours as it stands in a statement.</summary>
    public string Table(string name) => In(DatabaseLayout.SystemSchema, name);

    /// <summary>Sluice's own database.</summary>
    public string Database => database ?? throw new InvalidOperationException("Without a database of its own a connection has no policies.");

    private string In(string schema, string name) => Database.Length == 0 ? Quote.Path(schema, name) : Quote.Path(Database, schema, name);

    private static string Digest(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Digits];
}
