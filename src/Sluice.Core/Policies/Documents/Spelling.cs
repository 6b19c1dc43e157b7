namespace Sluice.Core.Policies.Documents;

/// <summary>How the values of an enumeration are spelled in documents.</summary>
internal sealed class Spelling<T>(params (T Value, string Text)[] pairs) where T : struct, Enum
{
    public IReadOnlyList<string> Texts { get; } = [.. pairs.Select(p => p.Text)];

    public string Of(T value) => pairs.First(p => EqualityComparer<T>.Default.Equals(p.Value, value)).Text;

    public T? ValueOf(string text)
    {
        foreach (var pair in pairs)
            if (pair.Text == text) return pair.Value;
        return null;
    }
}
