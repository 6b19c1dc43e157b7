using Sluice.Core.Connections;
using static Sluice.Core.Policies.Documents.PolicySpelling;

namespace Sluice.Core.Policies.Documents;

/// <summary>Reads <c>maskingConfig</c>.</summary>
internal static class MaskReader
{
    /// <summary>The mask; null after a problem.</summary>
    public static MaskFunction? Read(MappingReader reader)
    {
        var type = reader.RequiredChoice("type", Masks);
        MaskFunction? function = type switch
        {
            MaskType.Null => new MaskFunction.Null(),
            MaskType.Constant => reader.RequiredText("constant", PolicyLimits.MaskValue, mayBeEmpty: true) is { } value ? new MaskFunction.Constant(value) : null,
            MaskType.Hash => new MaskFunction.Hash(),
            MaskType.Regex => ReadRegex(reader),
            MaskType.Rounding => ReadRounding(reader),
            MaskType.Custom => ReadCustom(reader),
            _ => null,
        };
        if (type is not null) reader.RejectUnread();
        return function;
    }

    private static MaskFunction.Regex? ReadRegex(MappingReader reader)
    {
        var pattern = reader.RequiredText("regex", PolicyLimits.Regex);
        var replacement = reader.RequiredText("replacement", PolicyLimits.MaskValue, mayBeEmpty: true);
        var ignoresCase = reader.OptionalBoolean("caseInsensitive", otherwise: false);
        // Left out, everything that matches goes: what was not said uncovers nothing.
        var isGlobal = reader.OptionalBoolean("global", otherwise: true);
        if (pattern is null) return null;
        if (MaskPattern.Check(pattern, out var groups) is { } fault)
        {
            reader.Reject("regex", fault);
            return null;
        }

        if (replacement is null) return null;
        if (MaskPattern.CheckReplacement(replacement, groups) is not { } mistake) return new MaskFunction.Regex(pattern, replacement, ignoresCase, isGlobal);
        reader.Reject("replacement", mistake);
        return null;
    }

    private static MaskFunction? ReadRounding(MappingReader reader)
    {
        var bucketSize = reader.OptionalNumber("bucketSize");
        var precision = reader.OptionalChoice("precision", Precisions);
        if (reader.Has("bucketSize") && reader.Has("precision")) reader.Reject("precision", "stands beside 'bucketSize': keep one of them");
        if (!reader.Has("bucketSize") && !reader.Has("precision")) reader.Reject("bucketSize", "is required for numbers, or 'precision' for dates and times");
        if (bucketSize is <= 0) reader.Reject("bucketSize", "must be greater than 0");
        if (bucketSize is { } size) return new MaskFunction.RoundNumber(size);
        return precision is null ? null : new MaskFunction.RoundTime(precision.Value);
    }

    private static MaskFunction.Custom? ReadCustom(MappingReader reader)
    {
        var rank = reader.OptionalInteger("rank", 0, PolicyLimits.MaxRank);
        var functions = reader.RequiredMapping("functions");
        var read = new List<KeyValuePair<string, string>>();
        foreach (var technology in Technology.All.Select(t => t.Name).Order(StringComparer.Ordinal))
        {
            if (functions.OptionalText(technology, PolicyLimits.Word) is not { } name) continue;
            if (QualifiedName.Parse(new Technology(technology), name, out var problem) is not null) read.Add(new(technology, name));
            else functions.Reject(technology, $"must be the name of a function with its database and schema, as in governance.masks.shorten: it {problem}");
        }

        if (!Technology.All.Any(t => functions.Has(t.Name)) && reader.Has("functions"))
            functions.RejectWhole($"must name a function for at least one of {string.Join(", ", Technology.All)}");
        functions.RejectUnread();
        return new MaskFunction.Custom(read.ToValueList(), rank ?? 0);
    }
}
