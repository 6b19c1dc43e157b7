using System.Buffers;
using Sluice.Core.Catalog;
using static Sluice.Core.Policies.Documents.PolicySpelling;

namespace Sluice.Core.Policies.Documents;

/// <summary>Reads policy documents strictly: what it does not know it refuses, and it names every problem at once.</summary>
public static class PolicyReader
{
    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>Reads the documents of one text; a key may stand in it once.</summary>
    /// <returns>A policy for each document; null where it has an error.</returns>
    public static IReadOnlyList<Policy?> ReadAll(IReadOnlyList<PolicyDocument> documents, PolicyProblems problems)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var policies = new List<Policy?>();
        foreach (var document in documents)
        {
            var policy = Read(document.Root, problems, document.Path);
            if (policy is not null && !keys.Add(policy.Key))
            {
                var path = $"{document.Path}.policyKey";
                problems.Add(path, document.NodeAt(path), $"'{policy.Key}' is the key of an earlier policy of this text");
                policy = null;
            }

            policies.Add(policy);
        }

        return policies;
    }

    /// <summary>Reads one document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="path">The document's own path.</param>
    /// <returns>The policy, or null after an error.</returns>
    public static Policy? Read(DocumentNode document, PolicyProblems problems, string path = "$")
    {
        var before = problems.ErrorCount;
        var reader = new MappingReader(document, path, problems);
        var key = ReadKey(reader);
        var name = reader.OptionalText("name", PolicyLimits.Name);
        var type = reader.RequiredChoice("type", PolicyTypes);
        var isStaged = reader.OptionalBoolean("staged", otherwise: false);
        var circumstanceOperator = reader.OptionalChoice("circumstanceOperator", Operators);
        var circumstances = ReadCircumstances(reader);
        var whenUnbound = reader.OptionalChoice("whenUnbound", Unbound);
        Policy? policy = type switch
        {
            PolicyType.Subscription => SubscriptionReader.Read(reader.RequiredMapping("actions")),
            PolicyType.Data => DataRuleReader.Read(reader),
            _ => Unread(reader),
        };
        reader.RejectUnread();
        if (problems.ErrorCount > before || policy is null || key is null) return null;
        return policy with
        {
            Key = key,
            Name = name ?? key,
            IsStaged = isStaged,
            CircumstanceOperator = circumstanceOperator ?? SetOperator.Any,
            Circumstances = circumstances,
            WhenUnbound = whenUnbound ?? UnboundBehaviour.Protect,
        };
    }

    /// <summary>What is wrong with a key, or null.</summary>
    public static string? KeyProblem(string key)
    {
        if (key.Length is 0 or > PolicyLimits.Key) return $"must have 1 to {PolicyLimits.Key} characters";
        return key.AsSpan().ContainsAnyExcept(KeyCharacters) ? "may only hold ASCII letters, digits, '-', '_' and '.'" : null;
    }

    // Without a type nobody can tell what the actions should be.
    private static Policy? Unread(MappingReader reader)
    {
        reader.Required("actions");
        return null;
    }

    private static string? ReadKey(MappingReader reader)
    {
        var key = reader.RequiredText("policyKey", int.MaxValue);
        if (key is not null && KeyProblem(key) is { } problem) reader.Reject("policyKey", problem);
        return key;
    }

    private static ValueList<Circumstance>? ReadCircumstances(MappingReader reader)
    {
        if (!reader.Has("circumstances")) return null;
        return reader.OptionalItems("circumstances").Select(i => ReadCircumstance(new MappingReader(i.Node, i.Path, reader.Problems))).OfType<Circumstance>().ToValueList();
    }

    private static Circumstance? ReadCircumstance(MappingReader reader)
    {
        var type = reader.RequiredChoice("type", Circumstances);
        Circumstance? circumstance = type switch
        {
            CircumstanceType.Tags => SelectorReader.Tag(reader, "tag") is { } tag ? new Circumstance.Tagged(tag) : null,
            CircumstanceType.ColumnTags => SelectorReader.Tag(reader, "columnTag") is { } tag ? new Circumstance.ColumnTagged(tag) : null,
            CircumstanceType.ColumnRegex => SelectorReader.Regex(reader) is { } regex ? new Circumstance.ColumnMatches(regex.Pattern, regex.IgnoresCase) : null,
            CircumstanceType.NoTags => new Circumstance.NoTags(),
            CircumstanceType.ObjectPath => ReadPath(reader),
            _ => null,
        };
        if (type is not null) reader.RejectUnread();
        return circumstance;
    }

    private static Circumstance.AtOrBelow? ReadPath(MappingReader reader)
    {
        var items = reader.RequiredItems("path").ToList();
        var names = items.Select(i => reader.TextOf(i.Node, i.Path, ObjectPath.MaxNameLength)).OfType<string>().ToList();
        if (items.Count == 0 || names.Count < items.Count) return null;
        var path = ObjectPath.FromNames(names, out var problem);
        if (path is null) reader.Reject("path", problem!);
        return path is null ? null : new Circumstance.AtOrBelow(path);
    }
}
