using System.Collections.Concurrent;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Governing;

/// <summary>Whether Lake Formation governs an object, how Sluice could grant on it, and why.</summary>
/// <param name="Governance">Positive evidence only: what is not proven is unknown, what is disproven is ungoverned.</param>
/// <param name="Reason">The evidence and the remedy, or what limits granting; null when there is nothing to say.</param>
/// <param name="GrantMethod"><c>tags</c>, <c>named</c> or <c>none</c>; null for a resource link.</param>
internal sealed record Verdict(Core.Catalog.Governance Governance, string? Reason, string? GrantMethod)
{
    // Catalogs hold few distinct verdicts: the texts are made once.
    private static readonly ConcurrentDictionary<(Evidence Evidence, LakePermissions Grantable, bool TagCreator), Verdict> Tables = new();
    private static readonly ConcurrentDictionary<(Evidence Evidence, LakePermissions Grantable, bool TagCreator), Verdict> Databases = new();

    /// <summary>The verdict on a table.</summary>
    public static Verdict OnTable(Evidence evidence, LakePermissions grantable, bool tagCreator, string? tagsUnknown) =>
        Tables.GetOrAdd((evidence, grantable, tagCreator), static key => Make(
            key.Evidence, Method.OnTable(key.Grantable, key.TagCreator), "table")).About(evidence, tagsUnknown);

    /// <summary>The verdict on a database.</summary>
    public static Verdict OnDatabase(Evidence evidence, LakePermissions grantable, bool tagCreator, string? tagsUnknown) =>
        Databases.GetOrAdd((evidence, grantable, tagCreator), static key => Make(
            key.Evidence, Method.OnDatabase(key.Grantable, key.TagCreator), "database")).About(evidence, tagsUnknown);

    /// <summary>The verdict on a resource link.</summary>
    public static Verdict OnLink(string target) =>
        new(Core.Catalog.Governance.Ungoverned, $"a resource link to {target}: access is decided there; register and activate the target", null);

    private static Verdict Make(Evidence evidence, Method method, string kind)
    {
        if (evidence == Evidence.None) return new Verdict(Core.Catalog.Governance.Governed, method.Limit, method.Name);
        if ((evidence & Evidence.Ungoverned) != Evidence.None)
        {
            return new Verdict(
                Core.Catalog.Governance.Ungoverned,
                "IAM access control or hybrid access mode: " + Sentences(evidence & Evidence.Ungoverned, kind, method),
                method.Name);
        }

        return new Verdict(Core.Catalog.Governance.Unknown, Sentences(evidence, kind, method), method.Name);
    }

    private Verdict About(Evidence evidence, string? tagsUnknown) =>
        tagsUnknown is null || (evidence & Evidence.Ungoverned) != Evidence.None
            ? this
            : this with { Reason = string.IsNullOrEmpty(Reason) ? $"tags unknown: {tagsUnknown}" : $"tags unknown: {tagsUnknown}; {Reason}" };

    // What limits granting is told too, whatever decides: one who mends the first would meet it next.
    private static string Sentences(Evidence evidence, string kind, Method method) =>
        string.Join("; ", Enum.GetValues<Evidence>()
            .Where(e => int.PopCount((int)e) == 1 && evidence.HasFlag(e))
            .Select(e => Sentence(e, kind))
            .Append(method.Limit)
            .OfType<string>());

    private static string? Sentence(Evidence evidence, string kind) => evidence switch
    {
        Evidence.IamOnTable => "IAM_ALLOWED_PRINCIPALS has permissions on the table; revoke them in Lake Formation",
        Evidence.IamOnDatabase => "IAM_ALLOWED_PRINCIPALS has permissions on the database; revoke them in Lake Formation",
        Evidence.NotRegistered =>
            "the table's location is not registered with Lake Formation; register it, not in hybrid access mode",
        Evidence.ViewNotManaged =>
            "Lake Formation does not manage the view, which has no location of its own to register; govern the tables it reads",
        Evidence.IamByDefault =>
            "new tables of the database get permissions for IAM_ALLOWED_PRINCIPALS; clear \"use only IAM access control for new tables\" "
            + "on the database",
        Evidence.OthersByDefault =>
            "new tables of the database get default permissions for a principal; clear the database's CreateTableDefaultPermissions",
        Evidence.RegistrationUnknown =>
            "AWS does not say whether the table's location is registered with Lake Formation (IsRegisteredWithLakeFormation is missing); "
            + "look it up in Lake Formation and accept unknown governance if it is",
        Evidence.PermissionsUnreadable =>
            $"whether IAM_ALLOWED_PRINCIPALS has permissions on the {kind} can't be read; allow the action lakeformation:ListPermissions",
        Evidence.NotCovered =>
            "this principal has no grantable permission on the table, so AWS does not show it who else has; grant it SELECT, DESCRIBE, INSERT "
            + "and DELETE with the grant option",
        Evidence.DatabaseNotCovered =>
            "this principal has no grantable permission on the database, so AWS does not show it whether IAM_ALLOWED_PRINCIPALS has any there; "
            + "grant it DESCRIBE with the grant option on the database, or make it a data lake administrator",
        Evidence.IamMayReach =>
            $"IAM_ALLOWED_PRINCIPALS has permissions that may reach the {kind} (on an LF-Tag expression, a data cells filter, the catalog or a "
            + "resource of a kind Sluice does not know); look them up in Lake Formation under data permissions and revoke them",
        _ => null,
    };
}
