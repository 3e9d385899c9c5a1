"""Response similarity: how alike two models answer, in content, structure and style."""
