using Sluice.Core.Catalog;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>Privileges as REST spells them (https://docs.databricks.com/data-governance/unity-catalog/manage-privileges/privileges).</summary>
internal static class Privileges
{
    public const string Select = "SELECT";
    public const string Modify = "MODIFY";
    public const string All = "ALL_PRIVILEGES";
    public const string Manage = "MANAGE";
    public const string UseSchema = "USE_SCHEMA";
    public const string UseCatalog = "USE_CATALOG";

    /// <summary>What a privilege opens of the tables it is on, or on what lies above.</summary>
    public static Reach ReachOf(string privilege) => privilege switch
    {
        Select => Reach.Read,
        Modify => Reach.Write,
        All => Reach.Read | Reach.Write,
        // Whoever has it may grant it all to themselves.
        Manage => Reach.Read | Reach.Write | Reach.Manage,
        _ => Reach.None,
    };

    // Behind a privilege that a group has by us which is not ours any more.
    private const string ToAnother = " (to a group without Sluice's mark)";

    /// <summary>A privilege that was granted to a group of ours which has lost its mark, as the detail of a fact that nobody asks for.</summary>
    public static string Astray(string privilege) => privilege + ToAnother;

    /// <summary>The privilege of a fact.</summary>
    public static string OfDetail(string detail) => detail.EndsWith(ToAnother, StringComparison.Ordinal) ? detail[..^ToAnother.Length] : detail;

    /// <summary>As GRANT and people spell it.</summary>
    public static string InWords(string privilege) => privilege.Replace('_', ' ');

    /// <summary>Whether something can be written at all: neither views nor materialized views have MODIFY.</summary>
    public static bool IsWritable(ObjectKind kind) => kind is not (ObjectKind.View or ObjectKind.MaterializedView);
}

/// <summary>What somebody can do with an object.</summary>
[Flags]
internal enum Reach
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read it.</summary>
    Read = 1,

    /// <summary>Write it.</summary>
    Write = 2,

    /// <summary>Change who may, and what protects it.</summary>
    Manage = 4,
}
