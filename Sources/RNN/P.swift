// RNN
