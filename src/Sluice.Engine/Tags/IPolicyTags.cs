namespace Sluice.Engine.Tags;

/// <summary>Which policies rest on a tag.</summary>
internal interface IPolicyTags
{
    /// <summary>Policies that select by the tag or one above it: those that would select otherwise if it were taken from an object.</summary>
    Task<IReadOnlyList<string>> UsingAsync(string tag, CancellationToken cancellationToken);

    /// <summary>Policies that name the tag or one below it: those that would name nothing if it were gone.</summary>
    Task<IReadOnlyList<string>> NamingAsync(string tag, CancellationToken cancellationToken);
}
