using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Core.Planning;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Enforcing;

/// <summary>The calls of a change as a person reads them in a plan. Named grants travel in batches of 20; each is shown by itself.</summary>
internal static class ChangeText
{
    /// <summary>The calls.</summary>
    public static IReadOnlyList<string> Of(Change change) => change switch
    {
        { Key.Kind: FactKind.Audience, Verb: ChangeVerb.Remove } when Audience(change).Value == AudienceTag.None => [$"lakeformation:DeleteLFTag: {Audience(change).Key}"],
        { Key.Kind: FactKind.Audience, Verb: ChangeVerb.Remove } => [$"lakeformation:UpdateLFTag: delete the value {change.Key.Subject}"],
        { Key.Kind: FactKind.Audience } =>
        [
            $"lakeformation:UpdateLFTag: add the value {change.Key.Subject}",
            $"lakeformation:BatchGrantPermissions: {Audience(change).Permissions.Describe()} with the grant option on {Resource(Audience(change).Tables)} to Sluice's own principal",
        ],
        { Key.Kind: FactKind.Member, Verb: ChangeVerb.Remove } => [Entry("BatchRevokePermissions", ChangeWriter.EntryOf(change))],
        { Key.Kind: FactKind.Member, Verb: ChangeVerb.Replace } =>
        [
            Entry("BatchGrantPermissions", ChangeWriter.EntryOf(change)), Entry("BatchRevokePermissions", ChangeWriter.SurplusOf(change)),
        ],
        { Key.Kind: FactKind.Member } => [Entry("BatchGrantPermissions", ChangeWriter.EntryOf(change))],
        { Key.Kind: FactKind.Mask, Verb: ChangeVerb.Remove } => [$"lakeformation:RemoveLFTagsFromResource: {change.Key.Detail}={change.Definition} from {Column(change)}"],
        { Key.Kind: FactKind.Mask } => [$"lakeformation:AddLFTagsToResource: {change.Key.Detail}={change.Definition} to {Column(change)}"],
        { Key.Kind: FactKind.Grant } when AudienceTag.Read(change.Key.Subject) is not null => Assignment(change),
        { Key.Kind: FactKind.Grant, Verb: ChangeVerb.Remove } => [Entry("BatchRevokePermissions", GrantForm.Entry(change.Key, change.Definition))],
        { Key.Kind: FactKind.Grant, Verb: ChangeVerb.Replace } =>
        [
            Entry("BatchGrantPermissions", GrantForm.Entry(change.Key, change.Definition)), Entry("BatchRevokePermissions", GrantForm.GrantOption(change.Key)),
        ],
        { Key.Kind: FactKind.Grant } => [Entry("BatchGrantPermissions", GrantForm.Entry(change.Key, change.Definition))],
        _ => throw new ArgumentException($"A change of {change.Key.Kind} is none of Lake Formation's.", nameof(change)),
    };

    /// <summary>A tag expression.</summary>
    public static string Expression(LakeResource.TagPolicy policy) =>
        string.Join(" and ", policy.Expression.Select(t => $"{t.Key}={string.Join('|', t.Values)}"));

    private static IReadOnlyList<string> Assignment(Change change)
    {
        var table = Resource(new LakeResource.Table(change.Key.Object!.Names[1], change.Key.Object.Name));
        return change.Verb == ChangeVerb.Remove
            ? [$"lakeformation:RemoveLFTagsFromResource: {change.Key.Subject} from {table}"]
            : [$"lakeformation:AddLFTagsToResource: {change.Key.Subject} to {table}"];
    }

    private static AudienceTag Audience(Change change) => AudienceTag.Read(change.Key.Subject)!.Value;

    private static string Column(Change change) =>
        Resource(new LakeResource.SomeColumns(change.Key.Object!.Names[1], change.Key.Object.Name) { Columns = [change.Key.Subject] });

    private static string Entry(string operation, LakePermission entry)
    {
        var permissions = entry.Granted == LakePermissions.None ? "" : entry.Granted.Describe();
        var passable = entry.Grantable == LakePermissions.None ? "" : $"{(permissions.Length == 0 ? "" : " and ")}the grant option on {entry.Grantable.Describe()}";
        var preposition = operation == "BatchGrantPermissions" ? "to" : "from";
        return $"lakeformation:{operation}: {permissions}{passable} on {Resource(entry.Resource)} {preposition} {entry.Principal}";
    }

    private static string Resource(LakeResource resource) => resource switch
    {
        LakeResource.Database database => $"database {Quoted(database.Name)}",
        LakeResource.Table table => $"table {Quoted(table.DatabaseName)}.{Quoted(table.Name!)}",
        LakeResource.SomeColumns { IsExcluding: true } some => $"table {Quoted(some.DatabaseName)}.{Quoted(some.Name!)} without the columns {Columns(some)}",
        LakeResource.SomeColumns some => $"the columns {Columns(some)} of table {Quoted(some.DatabaseName)}.{Quoted(some.Name!)}",
        LakeResource.TagPolicy policy => $"tables with {Expression(policy)}",
        _ => throw new ArgumentException($"Sluice grants nothing on a resource of kind {resource.GetType().Name}.", nameof(resource)),
    };

    private static string Columns(LakeResource.SomeColumns some) => string.Join(", ", some.Columns.Select(Quoted));

    private static string Quoted(string name)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) json.WriteStringValue(name);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
