namespace Sluice.Core.Problems;

/// <summary>One thing wrong with an input, told so that its sender can mend it.</summary>
/// <param name="Path">Where: a JSON path such as <c>$.connection.roleARN</c>.</param>
/// <param name="Message">What is wrong and what would be right. Never contains a secret's value.</param>
public sealed record Problem(string Path, string Message);
